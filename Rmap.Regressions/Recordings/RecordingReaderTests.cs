using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

using Outcome = Rmap.Model.Operations.Outcome;

namespace Rmap.Regressions.Recordings;

/// <summary>A file is a recording, or it is said where it is none; nothing else happens, whatever the bytes.</summary>
[Trait("Speed", "Quick")]
public class RecordingReaderTests
{
    private const string Whole = """
        {"kernel":"Linux 6.18.35 x86_64","name":"one","seed":7,"config":{"swapSync":false,"faultAround":1},"start":{"procs":[{"p":0}],
        "ksm":{"shared":0,"sharing":0,"unshared":0,"volatile":0,"zeroPages":0}},"steps":[
        {"op":{"op":"read","p":0,"page":3},"result":{"signal":"SIGSEGV"},"state":{"procs":[{"p":0}],
        "ksm":{"shared":0,"sharing":0,"unshared":0,"volatile":0,"zeroPages":0}}}]}
        """;

    private static readonly byte[] Recorded =
        RecordingFile.Committed().Single(file => file.Name == "6.18/thematic/ksm-fork-unmergeable-relative").Bytes();

    [Fact]
    public void A_recording_is_read()
    {
        Recording recording = Parse(Whole);
        Assert.Equal(("Linux 6.18.35 x86_64", "one", 7L), (recording.Kernel, recording.Name, recording.Seed));
        RecordedStep step = Assert.Single(recording.Steps);
        Assert.Equal(new Operation.Read(new ProcessId(0), new VirtualPage(3)), step.Operation);
        Assert.Equal((Outcome)Signal.SIGSEGV, step.Result);
    }

    [Theory]
    [InlineData("\"seed\":7", "\"seed\":\"7\"", 1, 54, "'\"7\",\"config\":", "the seed or null, a whole number")]
    [InlineData("\"faultAround\":1", "\"faultAround\":3", 1, 97, "'3},", "faultAround in pages, a power of two")]
    [InlineData("\"op\":\"read\"", "\"op\":\"raed\"", 3, 13, "'\"raed\"", "one of the operations mmap, munmap")]
    [InlineData("\"page\":3", "\"page\":-3", 3, 33, "'-3}", "a page number, a whole number from 0 to")]
    [InlineData(",\"page\":3", "", 3, 25, "'}", "the field \"page\"")]
    [InlineData("\"page\":3", "\"page\":3,\"page\":3", 3, 35, "'\"page\"", "the field \"page\" only once")]
    [InlineData("\"page\":3", "\"pgae\":3", 3, 26, "'\"pgae\"", "one of the fields op, p, page")]
    [InlineData("SIGSEGV", "SIGILL", 3, 55, "'\"SIGILL\"", "SIGSEGV or SIGBUS")]
    [InlineData("}}}]}", "}}}]", 4, 74, "the end of the file", "JSON")]
    [InlineData("]}", "]} {", 4, 76, "'{'", "JSON")]
    [InlineData("\"p\":0,\"page\"", "\"p\":é,\"page\"", 3, 24, "'é", "JSON")]
    public void What_is_wrong_is_said_with_its_place(
        string right, string wrong, long line, long column, string found, string expected)
    {
        int at = Whole.LastIndexOf(right, StringComparison.Ordinal);
        string text = string.Concat(Whole.AsSpan(0, at), wrong, Whole.AsSpan(at + right.Length));
        var malformed = Assert.Throws<RecordingFormatException>(() => Parse(text));
        Assert.Equal(("f.json", line, column), (malformed.File, malformed.Line, malformed.Column));
        Assert.StartsWith(found, malformed.Found, StringComparison.Ordinal);
        Assert.StartsWith(expected, malformed.Expected, StringComparison.Ordinal);
    }

    [Property(MaxTest = 2000)]
    public Property A_mutated_file_is_a_recording_or_malformed() => Prop.ForAll(Arb.From(Mutations), mutations =>
    {
        byte[] bytes = Mutate(Recorded, mutations);
        try
        {
            return ScenarioText.Parse(RecordingScenario.Print(RecordingReader.Parse(bytes, "f.json"))) is not null;
        }
        catch (RecordingFormatException malformed)
        {
            int lines = bytes.Count(each => each == '\n') + 1;
            return malformed.Line >= 1 && malformed.Line <= lines && malformed.Column >= 1 && malformed.Found.Length > 0;
        }
    });

    /// <summary>Where in the file, what is done there, with which byte.</summary>
    private static Gen<(int Place, int Kind, byte Byte)[]> Mutations => (
        from place in Gen.Choose(0, int.MaxValue - 1)
        from kind in Gen.Choose(0, 3)
        from value in Gen.Elements<byte>([.. "{}[]\",:0123456789-Afnst\n\\ "u8, 0x00, 0xC3, 0xFF])
        select (place, kind, value)).ArrayOf().Where(all => all.Length > 0);

    private static byte[] Mutate(byte[] bytes, (int Place, int Kind, byte Byte)[] mutations)
    {
        List<byte> mutated = [.. bytes];
        foreach ((int place, int kind, byte value) in mutations)
        {
            int at = place % (mutated.Count + 1);
            switch (kind)
            {
                case 0:
                    mutated.Insert(at, value);
                    break;
                case 1 when at < mutated.Count:
                    mutated.RemoveAt(at);
                    break;
                case 2 when at < mutated.Count:
                    mutated[at] = value;
                    break;
                default:
                    mutated.RemoveRange(at, mutated.Count - at);
                    break;
            }
        }

        return [.. mutated];
    }

    private static Recording Parse(string text) => RecordingReader.Parse(Encoding.UTF8.GetBytes(text), "f.json");
}
