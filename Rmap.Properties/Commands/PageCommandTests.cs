namespace Rmap.Properties.Commands;

/// <summary>What shows a scenario, called as from a shell: <c>replay --html</c>, <c>pages</c>, <c>walk</c>.</summary>
public sealed class PageCommandTests : IDisposable
{
    private const string Forked = "P0 mmap 16+2 rw private anon\nP0 write 16 = 7\nP0 fork P1\nP1 mremap 16+2 -> 600+2\nP1 write 600 = 8\n";

    private readonly string folder = Directory.CreateTempSubdirectory("rmap").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Replay_prints_a_page_and_its_exit_code_is_that_without()
    {
        (int exit, string output, string error) = SuiteTests.Run(Forked, "replay", "-", "--html");
        Assert.Equal((0, ""), (exit, error));
        Assert.StartsWith("<!DOCTYPE html>\n", output, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", output, StringComparison.Ordinal);
        (exit, output, _) = SuiteTests.Run(Forked, "replay", "-", "--html", "--rules", "one-off");
        Assert.Equal(1, exit);
        Assert.Contains("\"failure\": {\"id\":\"walk\"", output, StringComparison.Ordinal);
        Assert.Equal(1, SuiteTests.Run("P0 read 9 => 7\n", "replay", "-", "--html").Exit);
    }

    [Fact]
    public void Walk_tells_every_place_with_its_sum()
    {
        (int exit, string output, string error) = SuiteTests.Run(Forked, "walk", "-", "--page", "f1");
        Assert.Equal((0, ""), (exit, error));
        Assert.Equal(
            """
            walk from f1 after 5 operations
            rmap_walk_anon: mapping is the AV A1, index 16

            1. mapped in P0 16+2
                 found in   A1  @16..17
                 address    index 16 - pgoff 16 + start 16 = 16
                 tables     pgd 0, pud 0, pmd 0, pte 16
                 entry      f1 dirty young

            2. not mapped in P1 600+2
                 found in   A1  @16..17
                 address    index 16 - pgoff 16 + start 600 = 600
                 tables     pgd 0, pud 0, pmd 1, pte 88
                 entry      f2 writable dirty young

            places 2, mapped 1

            """,
            output);
    }

    [Fact]
    public void Walk_tells_why_a_KSM_page_is_looked_for_twice()
    {
        const string Merged =
            "P0 mmap 0+2 rw private anon\nP0 madvise 0+2 mergeable\nP0 write 0 = 7\nP0 write 1 = 7\nksm scan\nP0 fork P1\n";
        (_, string output, _) = SuiteTests.Run(Merged, "walk", "-", "--page", "f2");
        string[] lines = [.. output.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("   ", StringComparison.Ordinal))];
        Assert.Equal(
            [
                "First", "1. mapped in P0 0+2", "2. mapped in P0 0+2",
                "Second", "3. mapped in P1 0+2", "4. mapped in P1 0+2",
                "places 4, mapped 4",
            ],
            lines[2..].Select(line => line.EndsWith('.') ? line.Split(' ')[0] : line));
        (_, output, _) = SuiteTests.Run(Merged, "walk", "-", "--page", "f2", "--after", "5");
        Assert.Contains("\nSecond round: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Walk_says_which_pages_there_are()
    {
        (int exit, string output, string error) = SuiteTests.Run(Forked, "walk", "-", "--page", "f9");
        Assert.Equal((2, "", "There is no page 'f9' after 5 operations.\nThere are f1, f2.\n"), (exit, output, error));
        (exit, _, error) = SuiteTests.Run(Forked, "walk", "-", "--page", "f1", "--after", "0");
        Assert.Equal((2, "There is no page 'f1' after 0 operations.\nThere are none.\n"), (exit, error));
        (exit, _, error) = SuiteTests.Run(Forked, "walk", "-", "--page", "f1", "--after", "6");
        Assert.Equal((2, "--after 6: standard input has 5 operations.\nGive a number from 0 to 5.\n"), (exit, error));
    }

    [Fact]
    public void Pages_writes_one_beside_each_scenario()
    {
        string file = Path.Combine(folder, "one.rmap");
        File.WriteAllText(file, Forked);
        File.WriteAllText(Path.Combine(folder, "two.rmap"), "rules one-off\nP0 mmap 0+1 rw private anon\nP0 write 0 = 0\n");
        (int exit, string output, _) = SuiteTests.Run("", "pages", folder);
        Assert.Equal(0, exit);
        Assert.Equal($"{Path.ChangeExtension(file, "html")}\n{Path.Combine(folder, "two.html")}: walk does not hold\n", output);
        Assert.Equal(SuiteTests.Run("", "replay", file, "--html").Output, File.ReadAllText(Path.Combine(folder, "one.html")));
    }

    [Fact]
    public void Pages_says_what_it_lacks()
    {
        (int exit, _, string error) = SuiteTests.Run("", "pages", folder);
        Assert.Equal((2, $"There is no scenario in '{folder}'.\nGive a folder with files that end in .rmap.\n"), (exit, error));
        string none = Path.Combine(folder, "none");
        Assert.StartsWith($"Cannot look into '{none}': ", SuiteTests.Run("", "pages", none).Error, StringComparison.Ordinal);
    }
}
