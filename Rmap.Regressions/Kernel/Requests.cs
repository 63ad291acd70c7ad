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
            Write(json, step.Operation);
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
        {
            json.WriteNumber("seed", number);
        }

        json.WriteStartObject("config");
        json.WriteBoolean("swapSync", options.SwapSync);
        json.WriteNumber("faultAround", options.FaultAround);
        if (options.KsmUseZeroPages)
        {
            json.WriteBoolean("ksmUseZeroPages", true);
        }

        if (options.KsmMaxPageSharing != MachineOptions.Default.KsmMaxPageSharing)
        {
            json.WriteNumber("ksmMaxSharing", options.KsmMaxPageSharing);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void EndLine(Utf8JsonWriter json, ArrayBufferWriter<byte> bytes)
    {
        json.Flush();
        bytes.Write("\n"u8);
        json.Reset();
    }

    private static void Write(Utf8JsonWriter json, Operation operation)
    {
        json.WriteStartObject();
        json.WriteString("op", Word(operation));
        if (operation is Operation.ByProcess by)
        {
            json.WriteNumber("p", by.Process.Number);
        }

        switch (operation)
        {
            case Operation.Mremap o:
                json.WriteNumber("page", o.Range.Start.Number);
                json.WriteNumber("oldLen", o.Range.Pages);
                break;
            case Operation.OnRange o:
                json.WriteNumber("page", o.Range.Start.Number);
                json.WriteNumber("len", o.Range.Pages);
                break;
            case Operation.OnPage o:
                json.WriteNumber("page", o.Page.Number);
                break;
        }

        WriteOperands(json, operation);
        json.WriteEndObject();
    }

    private static void WriteOperands(Utf8JsonWriter json, Operation operation)
    {
        switch (operation)
        {
            case Operation.Mmap o:
                json.WriteString("prot", Word(o.Protection));
                json.WriteBoolean("shared", o.Shared);
                json.WriteString("file", o.File);
                json.WriteNumber("off", o.FileOffset);
                json.WriteString("how", o.Placement == Placement.NoReplace ? "noreplace" : "fixed");
                if (o.NoReserve)
                {
                    json.WriteBoolean("noReserve", true);
                }

                break;
            case Operation.Mprotect o:
                json.WriteString("prot", Word(o.Protection));
                break;
            case Operation.Mremap o:
                WriteMremap(json, o);
                break;
            case Operation.Madvise o:
                json.WriteString("advice", Word(o.Advice));
                break;
            case Operation.Write o:
                json.WriteNumber("value", o.Value);
                break;
            case Operation.Fork o:
                json.WriteNumber("child", o.Child.Number);
                break;
            case Operation.FileCreate o:
                json.WriteString("file", o.File);
                json.WriteNumber("pages", o.Pages);
                WriteNumberOrNull(json, "fill", o.Fill);
                json.WriteString("fs", o.FileSystem == FileSystem.Ext4 ? "ext4" : "tmpfs");
                break;
            case Operation.Truncate o:
                json.WriteString("file", o.File);
                json.WriteNumber("pages", o.Pages);
                break;
            case Operation.Punch o:
                json.WriteString("file", o.File);
                json.WriteNumber("page", o.Page);
                json.WriteNumber("len", o.Length);
                break;
            case Operation.FileWrite o:
                json.WriteString("file", o.File);
                json.WriteNumber("page", o.Page);
                json.WriteNumber("value", o.Value);
                break;
            case Operation.Fsync o:
                json.WriteString("file", o.File);
                break;
            case Operation.Shmget o:
                json.WriteString("seg", o.Segment);
                json.WriteNumber("pages", o.Pages);
                break;
            case Operation.Shmat o:
                json.WriteString("seg", o.Segment);
                json.WriteBoolean("readOnly", o.ReadOnly);
                break;
            case Operation.Shmrm o:
                json.WriteString("seg", o.Segment);
                break;
            case Operation.MemoryMerge o:
                json.WriteBoolean("on", o.On);
                break;
            case Operation.KsmRun o:
                json.WriteNumber("run", o.Run);
                break;
            case Operation.KsmMaxSharing o:
                json.WriteNumber("items", o.Items);
                break;
            case Operation.KsmScan o:
                json.WriteNumber("passes", o.Passes);
                break;
            case Operation.UffdMove o:
                json.WriteNumber("src", o.Source.Number);
                json.WriteNumber("dst", o.Destination.Number);
                json.WriteNumber("len", o.Pages);
                break;
        }
    }

    private static void WriteMremap(Utf8JsonWriter json, Operation.Mremap mremap)
    {
        json.WriteNumber("newLen", mremap.NewLength);
        WriteNumberOrNull(json, "to", mremap.Target?.Number);
        json.WriteStartArray("flags");
        foreach ((MremapFlags flag, string word) in MremapWords)
        {
            if ((mremap.Flags & flag) != 0)
            {
                json.WriteStringValue(word);
            }
        }

        json.WriteEndArray();
    }

    private static void WriteNumberOrNull(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static readonly (MremapFlags Flag, string Word)[] MremapWords =
        [(MremapFlags.MayMove, "maymove"), (MremapFlags.Fixed, "fixed"), (MremapFlags.DontUnmap, "dontunmap")];

    private static string Word(Operation operation) => operation switch
    {
        Operation.Mmap => "mmap",
        Operation.Munmap => "munmap",
        Operation.Mprotect => "mprotect",
        Operation.Mremap => "mremap",
        Operation.Madvise => "madvise",
        Operation.Mlock { OnFault: true } => "mlockonfault",
        Operation.Mlock => "mlock",
        Operation.Munlock => "munlock",
        Operation.Msync => "msync",
        Operation.Read => "read",
        Operation.Write => "write",
        Operation.Fork => "fork",
        Operation.Exit => "exit",
        Operation.FileCreate => "fileCreate",
        Operation.Truncate => "truncate",
        Operation.Punch => "punch",
        Operation.FileWrite => "fileWrite",
        Operation.Fsync => "fsync",
        Operation.Shmget => "shmget",
        Operation.Shmat => "shmat",
        Operation.Shmdt => "shmdt",
        Operation.Shmrm => "shmrm",
        Operation.MemoryMerge => "memoryMerge",
        Operation.KsmScan => "ksmScan",
        Operation.KsmRun => "ksmRun",
        Operation.KsmMaxSharing => "ksmMaxSharing",
        Operation.Reclaim => "reclaim",
        Operation.Migrate => "migrate",
        Operation.Referenced => "referenced",
        Operation.SwapOffOn => "swapOffOn",
        Operation.UffdMove => "uffdMove",
        _ => throw new ArgumentException($"No request asks for '{ScenarioText.Print(operation)}'.", nameof(operation)),
    };

    private static string Word(Protection protection) => string.Create(3, protection, (word, bits) =>
    {
        word[0] = (bits & Protection.Read) != 0 ? 'r' : '-';
        word[1] = (bits & Protection.Write) != 0 ? 'w' : '-';
        word[2] = (bits & Protection.Exec) != 0 ? 'x' : '-';
    });

    private static string Word(Advice advice) => advice switch
    {
        Advice.DontNeed => "dontneed",
        Advice.Free => "free",
        Advice.Remove => "remove",
        Advice.Cold => "cold",
        Advice.PageOut => "pageout",
        Advice.Mergeable => "mergeable",
        Advice.Unmergeable => "unmergeable",
        Advice.DontFork => "dontfork",
        Advice.DoFork => "dofork",
        Advice.WipeOnFork => "wipeonfork",
        Advice.KeepOnFork => "keeponfork",
        Advice.PopulateRead => "populate_read",
        _ => "populate_write",
    };
}
