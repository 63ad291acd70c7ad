using System.Buffers;
using System.Text.Json;

namespace Rmap.Regressions.Kernel;

/// <summary>Scenarios as requests of the stream: what <see cref="Recordings.RecordingReader"/> reads, written.</summary>
internal static class Requests
{
    /// <summary>Ends a scenario, so that what its end does to the kernel is seen with it.</summary>
    internal static readonly byte[] End = [.. "{\"name\":\"end\",\"config\":{}}\n"u8];

    /// <summary>A scenario: a line that begins it, then a line for each operation.</summary>
    internal static ReadOnlyMemory<byte> Of(Sequence sequence)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { SkipValidation = true });
        Begin(json, sequence);
        EndLine(json, bytes);
        foreach (Step step in sequence.Scenario.Steps)
        {
            Recordings.OperationJson.Write(json, step.Operation);
            EndLine(json, bytes);
        }

        return bytes.WrittenMemory;
    }

    private static void Begin(Utf8JsonWriter json, Sequence sequence)
    {
        MachineOptions options = sequence.Scenario.Options;
        json.WriteStartObject();
        json.WriteString("name", sequence.Name);
        if (sequence.Seed is { } number)
            json.WriteNumber("seed", number);

        json.WriteStartObject("config");
        json.WriteBoolean("swapSync", options.SwapSync);
        json.WriteNumber("faultAround", options.FaultAround);
        if (options.KsmUseZeroPages)
            json.WriteBoolean("ksmUseZeroPages", true);

        if (options.KsmMaxPageSharing != MachineOptions.Default.KsmMaxPageSharing)
            json.WriteNumber("ksmMaxSharing", options.KsmMaxPageSharing);

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void EndLine(Utf8JsonWriter json, ArrayBufferWriter<byte> bytes)
    {
        json.Flush();
        bytes.Write("\n"u8);
        json.Reset();
    }
}
