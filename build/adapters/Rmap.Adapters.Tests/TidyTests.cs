using System.Text;
using System.Text.RegularExpressions;

namespace Rmap.Adapters.Tests;

/// <summary>What `dotnet format` does not look at: every file of the repository is tidy text.</summary>
public partial class TidyTests
{
    // What .gitignore leaves out, and git itself; logs that are no text, or cut off, on purpose.
    private static readonly string[] Ignored =
    [
        ".git", ".vs", ".idea", "bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts", "StrykerOutput",
        "rawbytes.strace", "truncated.strace",
    ];

    private static readonly string[] Binary = [".xz", ".gz", ".zip", ".png"];

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static string Root => new ProjectInfo(typeof(TidyTests).Assembly).SolutionDirectory;

    [Fact]
    public void Every_file_is_tidy()
    {
        var files = Files(Root).ToList();
        Assert.Contains(files, file => file.EndsWith(nameof(TidyTests) + ".cs", StringComparison.Ordinal));
        var found = files.SelectMany(file => Faults(Path.GetRelativePath(Root, file), File.ReadAllBytes(file))).ToList();
        Assert.True(found.Count == 0, $"Untidy:\n{string.Join('\n', found)}");
    }

    [Theory]
    [InlineData("a.cs", "class A;\r\n", "a.cs:1: carriage return")]
    [InlineData("a.verified.txt", "one\r\ntwo", "a.verified.txt:1: carriage return")]
    [InlineData("a.md", "one\ntwo \n", "a.md:2: trailing whitespace")]
    [InlineData("a.cs", "class A;\n\tint b;\n", "a.cs:2: tab")]
    [InlineData("a.cs", "class A;", "a.cs:1: no newline at the end")]
    [InlineData("a.cs", "class A;\n\n", "a.cs:2: empty line at the end")]
    [InlineData("a.cs", "\uFEFFclass A;\n", "a.cs:1: byte order mark")]
    [InlineData("a.props", "<!-- TO" + "DO: more -->\n", "a.props:1: unfinished work")]
    [InlineData("a.cs", "// FIX" + "ME\n", "a.cs:1: unfinished work")]
    [InlineData("a.json", "{ \"a\": \"/ho" + "me/me/a\" }\n", "a.json:1: path of a machine")]
    [InlineData("run", "cd /ro" + "ot/a\n", "run:1: path of a machine")]
    [InlineData("a.cs", "// C:" + "\\Users\\me\n", "a.cs:1: path of a machine")]
    public void An_untidy_file_is_found(string file, string content, string expected) =>
        Assert.Equal([expected], Faults(file, Encoding.UTF8.GetBytes(content)));

    [Fact]
    public void A_long_line_and_bytes_that_are_no_text_are_found()
    {
        Assert.Empty(Faults("a.cs", Encoding.UTF8.GetBytes(new string('a', 140) + '\n')));
        Assert.Equal(["a.cs:1: longer than 140"], Faults("a.cs", Encoding.UTF8.GetBytes(new string('a', 141) + '\n')));
        Assert.Equal(["a.cs:1: not UTF-8"], Faults("a.cs", [0xC3, 0x28, (byte)'\n']));
    }

    [Theory]
    [InlineData("a.verified.txt", "\uFEFFone \ntwo\n\n")]
    [InlineData("a.sln", "Global\n\tGlobalSection\n")]
    [InlineData("a.cs", "// include/linux/rmap.h, mm/ksm.c\n")]
    [InlineData("a.xz", "\0\r\n")]
    public void What_looks_untidy_may_be_meant(string file, string content) =>
        Assert.Empty(Faults(file, Encoding.UTF8.GetBytes(content)));

    private static IEnumerable<string> Files(string directory) =>
        Directory.EnumerateFiles(directory)
            .Concat(Directory.EnumerateDirectories(directory).Where(child => !Ignored.Contains(Path.GetFileName(child))).SelectMany(Files))
            .Where(file => !file.Contains(".received.") && !file.EndsWith(".user", StringComparison.Ordinal))
            // In a linked worktree .git is a file, which names a folder of the machine.
            .Where(file => !Ignored.Contains(Path.GetFileName(file)))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Faults(string file, byte[] bytes)
    {
        if (Binary.Contains(Path.GetExtension(file))) yield break;
        var text = Text(bytes);
        if (text is null)
        {
            yield return $"{file}:1: not UTF-8";
            yield break;
        }

        // A snapshot is exactly what was verified; only its line ends are git's.
        var isSnapshot = file.Contains(".verified.");
        var isCode = file.EndsWith(".cs", StringComparison.Ordinal);
        if (!isSnapshot && text.StartsWith('\uFEFF')) yield return $"{file}:1: byte order mark";

        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            var place = $"{file}:{i + 1}";
            if (line.Contains('\r')) yield return $"{place}: carriage return";
            else if (!isSnapshot && line.TrimEnd() != line) yield return $"{place}: trailing whitespace";
            if (isCode && line.Contains('\t')) yield return $"{place}: tab";
            if (isCode && line.Length > 140) yield return $"{place}: longer than 140";
            if (Unfinished().IsMatch(line)) yield return $"{place}: unfinished work";
            if (MachinePath().IsMatch(line)) yield return $"{place}: path of a machine";
        }

        if (isSnapshot || text.Length == 0 || file.EndsWith("packages.lock.json", StringComparison.Ordinal)) yield break;
        if (!text.EndsWith('\n')) yield return $"{file}:{lines.Length}: no newline at the end";
        if (text.EndsWith("\n\n", StringComparison.Ordinal)) yield return $"{file}:{lines.Length - 1}: empty line at the end";
    }

    private static string? Text(byte[] bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"(?<![\w.])/(home|root|work|Users|mnt)/\w|\b[A-Z]:\\\w")]
    private static partial Regex MachinePath();
}
