using System.Numerics;

namespace Rmap.Regressions.Recordings;

/// <summary>
/// Reads recordings. Whatever the bytes are, the answer is a <see cref="Recording"/> or a <see cref="RecordingFormatException"/>.
/// </summary>
internal static partial class RecordingReader
{
    private const long MostPages = PageTable.Pages;

    private static readonly string[] RecordingFields = ["kernel", "name", "seed", "config", "start", "steps"],
        BeginningFields = RecordingFields[..^1],
        ConfigFields = ["swapSync", "faultAround"], ConfigOptional = ["ksmUseZeroPages", "ksmMaxSharing"],
        StepFields = ["op", "result", "state"];

    public static Recording Read(string path) => Parse(File.ReadAllBytes(path), path);

    /// <param name="bytes">The file's content.</param>
    /// <param name="file">Its name, for messages.</param>
    public static Recording Parse(ReadOnlySpan<byte> bytes, string file)
    {
        var json = new JsonCursor(bytes, file);
        return Recording(ref json, RecordingFields);
    }

    /// <summary>The beginning of a recording: all but its steps.</summary>
    /// <param name="bytes">What the kernel answered to a request that begins a sequence.</param>
    /// <param name="names">The names met so far, so that equal ones are one object.</param>
    public static Recording ParseBeginning(ReadOnlySpan<byte> bytes, HashSet<string> names)
    {
        var json = new JsonCursor(bytes, "answer", names);
        return Recording(ref json, BeginningFields);
    }

    /// <summary>One step of a recording.</summary>
    /// <param name="bytes">What the kernel answered to a request for an operation.</param>
    /// <param name="names">As for <see cref="ParseBeginning"/>.</param>
    public static RecordedStep ParseStep(ReadOnlySpan<byte> bytes, HashSet<string> names)
    {
        var json = new JsonCursor(bytes, "answer", names);
        return Step(ref json);
    }

    private static Recording Recording(ref JsonCursor json, string[] required)
    {
        string kernel = "", name = "";
        long? seed = null;
        MachineOptions options = MachineOptions.Default;
        RecordedState? start = null;
        List<RecordedStep> steps = [];
        var fields = new Fields(required);
        json.BeginObject("a recording: an object");
        while (json.NextField(ref fields) is { } field)
        {
            switch (field)
            {
                case "kernel":
                    kernel = json.Text("the kernel's version as text");
                    break;
                case "name":
                    name = json.Text("the recording's name as text");
                    break;
                case "seed":
                    seed = NumberOrNull(ref json, "the seed or null", long.MinValue, long.MaxValue);
                    break;
                case "config":
                    options = Options(ref json);
                    break;
                case "start":
                    start = State(ref json);
                    break;
                case "steps":
                    steps = List(ref json, "the steps: an array", Step);
                    break;
            }
        }

        return new Recording(kernel, name, seed, options, start!, steps);
    }

    private delegate T Element<T>(ref JsonCursor json);

    private static List<T> List<T>(ref JsonCursor json, string expected, Element<T> element)
    {
        List<T> all = [];
        json.BeginArray(expected);
        while (json.NextElement())
        {
            all.Add(element(ref json));
        }

        return all;
    }

    private static T[] Array<T>(ref JsonCursor json, string expected, Element<T> element) => [.. List(ref json, expected, element)];

    private static long? NumberOrNull(ref JsonCursor json, string expected, long least, long greatest)
    {
        if (!json.IsNull)
        {
            return json.Number(expected, least, greatest);
        }

        json.Null();
        return null;
    }

    private static int Process(ref JsonCursor json) => (int)json.Number("a process number", 0, int.MaxValue);

    private static long Page(ref JsonCursor json) => json.Number("a page number", 0, MostPages);

    private static long Count(ref JsonCursor json, string expected) => json.Number(expected, 0, int.MaxValue);

    private static byte Byte(ref JsonCursor json) => (byte)json.Number("a byte", 0, byte.MaxValue);

    private static MachineOptions Options(ref JsonCursor json)
    {
        bool swapSync = false, useZeroPages = false;
        long faultAround = 1, mostSharing = MachineOptions.Default.KsmMaxPageSharing;
        var fields = new Fields(ConfigFields, ConfigOptional);
        json.BeginObject("the configuration: an object");
        while (json.NextField(ref fields) is { } field)
        {
            switch (field)
            {
                case "swapSync":
                    swapSync = json.Bool("swapSync");
                    break;
                case "faultAround":
                    faultAround = json.Number("faultAround in pages, a power of two", 1, PageTable.EntriesPerTable, BitOperations.IsPow2);
                    break;
                case "ksmUseZeroPages":
                    useZeroPages = json.Bool("ksmUseZeroPages");
                    break;
                default:
                    mostSharing = json.Number("max_page_sharing", 2, int.MaxValue);
                    break;
            }
        }

        return new MachineOptions
        {
            SwapSync = swapSync,
            FaultAround = (int)faultAround,
            KsmUseZeroPages = useZeroPages,
            KsmMaxPageSharing = (int)mostSharing,
            UserModeLinux = true,
        };
    }

    private static RecordedStep Step(ref JsonCursor json)
    {
        Operation? operation = null;
        Outcome result = Outcome.Ok;
        RecordedState? state = null;
        var fields = new Fields(StepFields);
        json.BeginObject("a step: an object");
        while (json.NextField(ref fields) is { } field)
        {
            switch (field)
            {
                case "op":
                    operation = Operation(ref json);
                    break;
                case "result":
                    result = Result(ref json);
                    break;
                case "state":
                    state = State(ref json);
                    break;
            }
        }

        return new RecordedStep(operation!, result, state!);
    }
}
