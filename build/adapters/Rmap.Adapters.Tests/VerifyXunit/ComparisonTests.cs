using System.Runtime.CompilerServices;
using System.Text;

namespace Rmap.Adapters.Tests.VerifyXunit;

/// <summary>What is written, what is compared, and what comes of it.</summary>
public class ComparisonTests : SnapshotFolder
{
    [Fact]
    public async Task Equal_text_passes_and_leaves_no_received_file()
    {
        Write(FileName("verified"), "one\ntwo");
        Write(FileName("received"), "of an earlier run");
        var result = await Verify("one\ntwo", Settings());
        Assert.Equal([FileName("verified")], Names());
        Assert.Equal("one\ntwo", result.Text);
        Assert.Equal("one\ntwo", result.Target);
        Assert.Equal([PathOf(FileName("verified"))], result.Files);
        Assert.Equal([PathOf(FileName("verified"))], result.TextFiles);
    }

    [Fact]
    public async Task A_new_snapshot_fails_and_writes_exactly_the_text_with_a_byte_order_mark()
    {
        await Failure(Verify("é\ntwo", Settings()));
        Assert.Equal([.. ByteOrderMark, .. "é\ntwo"u8], File.ReadAllBytes(PathOf(FileName("received"))));
        Assert.Equal([FileName("received")], Names());
    }

    [Fact]
    public async Task A_different_text_fails_and_leaves_the_verified_file()
    {
        Write(FileName("verified"), "old");
        await Failure(Verify("new", Settings()));
        Assert.Equal("old", File.ReadAllText(PathOf(FileName("verified"))));
        Assert.Equal("new", File.ReadAllText(PathOf(FileName("received"))));
    }

    [Fact]
    public async Task A_byte_order_mark_never_decides()
    {
        File.WriteAllBytes(PathOf(FileName("verified")), [.. ByteOrderMark, .. "é"u8]);
        await Verify("é", Settings()).DisableRequireUniquePrefix();
        File.WriteAllBytes(PathOf(FileName("verified")), [.. "é"u8]);
        await Verify("é", Settings()).DisableRequireUniquePrefix();
        await Verify("\uFEFFé", Settings()).DisableRequireUniquePrefix();
    }

    [Theory]
    [InlineData("one\ntwo\n", "one\ntwo")]
    [InlineData("one\ntwo", "one\ntwo\n")]
    [InlineData("one\ntwo ", "one\ntwo")]
    [InlineData("One", "one")]
    [InlineData("e\u0301", "\u00e9")]
    public async Task Nothing_but_the_same_text_is_equal(string verified, string received)
    {
        Write(FileName("verified"), verified);
        Assert.Contains("\nNotEqual:\n", await Failure(Verify(received, Settings())));
    }

    [Theory]
    [InlineData("one\r\ntwo")]
    [InlineData("one\rtwo")]
    public async Task A_carriage_return_in_the_verified_file_is_an_error(string verified)
    {
        Write(FileName("verified"), verified);
        Assert.Contains("it contains a \\r", await Failure(Verify("one\ntwo", Settings())));
        Assert.Equal("one\ntwo", File.ReadAllText(PathOf(FileName("received"))));
    }

    [Fact]
    public async Task Newlines_of_the_text_become_line_feeds()
    {
        Write(FileName("verified"), "one\ntwo\nthree");
        await Verify("one\r\ntwo\rthree", Settings());
    }

    [Theory]
    [InlineData("", "emptyString")]
    [InlineData(null, "null")]
    public async Task A_missing_text_has_a_name(string? target, string content)
    {
        await Verify(target, Settings()).AutoVerify();
        Assert.Equal(content, File.ReadAllText(PathOf(FileName("verified"))));
    }

    [Fact]
    public async Task An_empty_verified_file_counts_as_missing()
    {
        Write(FileName("verified"), "");
        Assert.Contains("\nNew:\n", await Failure(Verify("text", Settings())));
        Assert.Equal([FileName("received")], Names());
    }

    [Fact]
    public async Task Old_received_files_of_the_prefix_are_deleted()
    {
        string[] others = [$"{Prefix()}2.received.txt", $"X{FileName("received")}", $"{Prefix()}_1.received.txt"];
        string[] own = [FileName("received"), $"{Prefix()}.received.md", $"{Prefix()}#00.received.txt"];
        foreach (var file in others.Concat(own)) Write(file, "old");
        Write(FileName("verified"), "text");
        await Verify("text", Settings());
        Assert.Equal(others.Append(FileName("verified")).Order(StringComparer.Ordinal), Names());
    }

    [Fact]
    public async Task Verified_files_of_the_prefix_that_were_not_produced_fail_the_test()
    {
        Write(FileName("verified"), "text");
        Write($"{Prefix()}.verified.md", "old");
        Write($"{Prefix()}#part.verified.txt", "old");
        Write($"{Prefix()}2.verified.txt", "of another test");
        Assert.Equal(
            $"""
            Directory: {Folder}
            Delete:
              - {Prefix()}#part.verified.txt
              - {Prefix()}.verified.md
            Equal:
              - Received: {FileName("received")}
                Verified: {FileName("verified")}

            """.ReplaceLineEndings("\n"),
            await Failure(Verify("text", Settings())));

        await Verify("text", Settings()).AutoVerify().DisableRequireUniquePrefix();
        Assert.Equal([FileName("verified"), $"{Prefix()}2.verified.txt"], Names());
    }

    [Fact]
    public async Task AutoVerify_moves_the_received_file_over_the_verified()
    {
        await Verify("new", Settings()).AutoVerify();
        Assert.Equal("new", File.ReadAllText(PathOf(FileName("verified"))));
        var result = await Verify("newer", Settings()).AutoVerify().DisableRequireUniquePrefix();
        Assert.Equal("newer", result.Text);
        Assert.Equal([FileName("verified")], Names());
    }

    [Fact]
    public async Task AutoVerify_may_throw_nevertheless()
    {
        var message = await Failure(Verify("new", Settings()).AutoVerify(throwException: true));
        Assert.Contains("\nNew:\n", message);
        Assert.Equal([FileName("verified")], Names());
    }

    [Fact]
    public async Task Scrubbers_change_the_text_the_last_added_first()
    {
        Write(FileName("verified"), "cc");
        await Verify("aa", Settings()).AddScrubber(text => text.Replace('b', 'c')).AddScrubber(text => text.Replace('a', 'b'));
    }

    [Fact]
    public async Task Lines_can_be_removed()
    {
        Write(FileName("verified"), "one\nFOUR");
        await Verify("one\nTWO\nthree\nFOUR", Settings())
            .ScrubLinesContaining("two")
            .ScrubLinesContaining(StringComparison.Ordinal, "hree", "four");
    }

    [Fact]
    public async Task A_directory_of_this_machine_is_refused()
    {
        var source = ThisDirectory();
        string[] paths =
            [AppContext.BaseDirectory, Environment.CurrentDirectory, Path.GetTempPath(), Folder, source, source.Replace('/', '\\')];
        foreach (var path in paths)
        {
            var message = await Failure(Verify($"in {path}!", Settings()).DisableRequireUniquePrefix());
            Assert.StartsWith("The text names a directory of this machine", message);
        }

        Assert.Empty(Names());
    }

    [Fact]
    public async Task Text_that_is_not_Unicode_is_refused() =>
        await Assert.ThrowsAsync<EncoderFallbackException>(() => Verify("\ud800", Settings()));

    private static string Prefix([CallerMemberName] string method = "") => $"{nameof(ComparisonTests)}.{method}";

    private static string ThisDirectory([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
