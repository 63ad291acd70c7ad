using Rmap.Model;
using Rmap.Properties.Running;

namespace Rmap.Properties.Checking;

/// <summary>The tables of invariants that people read are those of the code.</summary>
public class InvariantsPageTests
{
    private static IEnumerable<Invariant> Listed =>
        Invariants.All.Append(Invariants.Map).Append(Invariants.Content).Append(Invariants.Effect).Append(Invariants.GoesOn);

    [Fact]
    public void The_page_has_the_table_of_all_invariants() => HasTable(
        "docs/invariants.md",
        "| id | what holds | where Linux asserts it or relies on it |\n|---|---|---|\n",
        invariant => $"| `{invariant.Id}` | {invariant.Sentence} | {invariant.Kernel} |\n");

    [Fact]
    public void The_README_has_the_table_of_all_invariants() => HasTable(
        "README.md",
        "| id | what holds |\n|---|---|\n",
        invariant => $"| `{invariant.Id}` | {invariant.Sentence} |\n");

    private static void HasTable(string file, string head, Func<Invariant, string> row)
    {
        string page = File.ReadAllText(Path.Combine(ProjectFolder.Path, "..", file)).ReplaceLineEndings("\n");
        string table = head + string.Concat(Listed.Select(row));
        int start = page.IndexOf("| id |", StringComparison.Ordinal);
        int end = page.IndexOf("\n\n", start, StringComparison.Ordinal) + 1;
        Assert.True(page[start..end] == table, $"{file} does not have the table of the invariants. Replace it there by this one:\n{table}");
    }
}
