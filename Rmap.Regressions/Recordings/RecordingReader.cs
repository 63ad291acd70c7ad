using System.Numerics;

namespace Rmap.Regressions.Recordings;

/// <summary>
/// Reads recordings. Whatever the bytes are, the answer is a <see cref="Recording"/> or a <see cref="RecordingFormatException"/>.
/// </summary>
internal static partial class RecordingReader
{
    private const long MostPages = PageTable.Pages;

    private delegate T Element<T>(ref JsonCursor json);

    public static Recording Read(string path) => Parse(File.ReadAllBytes(path), path);

    /// <param name="bytes">The file's content.</param>
    /// <param name="file">Its name, for messages.</param>
    public static Recording Parse(ReadOnlyMemory<byte> bytes, string file)
    {
        var json = new JsonCursor(new JsonText(bytes, file), ..);
        return Recording(ref json, withSteps: true);
    }

    /// <summary>The beginning of a recording: all but its steps.</summary>
    /// <param name="bytes">What the kernel answered to a request that begins a sequence.</param>
    /// <param name="names">The names met so far, so that equal ones are one object.</param>
    public static Recording ParseBeginning(ReadOnlyMemory<byte> bytes, HashSet<string> names)
    {
        var json = new JsonCursor(new JsonText(bytes, "answer", names), ..);
        return Recording(ref json, withSteps: false);
    }

    /// <summary>One step of a recording.</summary>
    /// <param name="bytes">What the kernel answered to a request for an operation.</param>
    /// <param name="names">As for <see cref="ParseBeginning"/>.</param>
    public static RecordedStep ParseStep(ReadOnlyMemory<byte> bytes, HashSet<string> names)
    {
        var json = new JsonCursor(new JsonText(bytes, "answer", names), ..);
        return Step(ref json);
    }

    private static Recording Recording(ref JsonCursor json, bool withSteps)
    {
        json.Begin("a recording: an object");
        json.Field("kernel");
        string kernel = json.Text("the kernel's version as text");
        json.Field("name");
        string name = json.Text("the recording's name as text");
        json.Field("seed");
        long? seed = json.NumberOrNull("the seed or null", long.MinValue, long.MaxValue);
        json.Field("config");
        MachineOptions options = Options(ref json);
        json.Field("start");
        RecordedState start = State(ref json);
        List<RecordedStep> steps = [];
        if (withSteps)
        {
            json.Field("steps");
            steps = List(ref json, "the steps: an array", Step);
        }

        json.End();
        return new Recording(kernel, name, seed, options, start, steps);
    }

    private static MachineOptions Options(ref JsonCursor json)
    {
        json.Begin("the configuration: an object");
        json.Field("swapSync");
        bool swapSync = json.Bool("swapSync");
        json.Field("faultAround");
        long faultAround = json.Number("faultAround in pages, a power of two", 1, PageTable.EntriesPerTable, BitOperations.IsPow2);
        bool useZeroPages = Flag(ref json, "ksmUseZeroPages");
        long mostSharing = json.Has("ksmMaxSharing")
            ? json.Number("max_page_sharing", 2, int.MaxValue) : MachineOptions.Default.KsmMaxPageSharing;
        json.End();
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
        json.Begin("a step: an object");
        json.Field("op");
        Operation operation = OperationJson.Read(ref json);
        json.Field("result");
        Outcome result = Result(ref json);
        json.Field("state");
        RecordedState state = State(ref json);
        json.End();
        return new RecordedStep(operation, result, state);
    }

    private static Outcome Result(ref JsonCursor json)
    {
        json.Begin("a result: an object");
        Outcome result = json.Has("ok") ? Value(ref json) : json.Has("errno") ? Refusal(ref json) : Killed(ref json);
        json.End();
        return result;
    }

    private static Outcome Value(ref JsonCursor json)
    {
        if (!json.IsObject)
            return Outcome.Of(json.Number("a value", 0, long.MaxValue));

        json.Begin("count and vmFlags");
        json.Field("count");
        long count = json.Number("a number of references", 0, int.MaxValue);
        json.Field("vmFlags");
        VmFlags flags = json.Word("flags as letters of rwxslm, in this order", word =>
        {
            VmFlags read = VmFlagsExtensions.OfLetters(word);
            return ((word.Length == 0 ? "-" : word) == read.Letters(), read);
        });
        json.End();
        return new Outcome.References((int)count, flags);
    }

    private static Outcome Refusal(ref JsonCursor json) =>
        json.Word("an errno", word => (Enum.TryParse(word, out Errno errno) && errno != Errno.None, errno));

    private static Outcome Killed(ref JsonCursor json)
    {
        json.Field("signal");
        return json.Word("SIGSEGV or SIGBUS", word => (
            word is "SIGSEGV" or "SIGBUS", word == "SIGBUS" ? Signal.SIGBUS : Signal.SIGSEGV));
    }

    private static List<T> List<T>(ref JsonCursor json, string expected, Element<T> element)
    {
        List<T> all = [];
        json.BeginArray(expected);
        while (json.NextElement())
            all.Add(element(ref json));

        return all;
    }
}
