using System.Text;
using Rmap.Model;
using Rmap.Properties.Running;

namespace Rmap.Properties.Checking;

/// <summary>The table in <c>docs/invariants.md</c> is that of the code.</summary>
public class InvariantsPageTests
{
    private static readonly string File = Path.Combine(ProjectFolder.Path, "..", "docs", "invariants.md");

    [Fact]
    public void The_page_has_the_table_of_all_invariants()
    {
        string page = System.IO.File.ReadAllText(File).ReplaceLineEndings("\n");
        string table = Table();
        int start = page.IndexOf("| id |", StringComparison.Ordinal);
        int end = page.IndexOf("\n\n", start, StringComparison.Ordinal) + 1;
        Assert.True(
            page[start..end] == table,
            $"docs/invariants.md does not have the table of Invariants.All. Replace it there by this one:\n{table}");
    }

    private static string Table()
    {
        var table = new StringBuilder("| id | what holds | where Linux asserts it or relies on it |\n|---|---|---|\n");
        foreach (Invariant invariant in Invariants.All.Append(Invariants.Map).Append(Invariants.Content).Append(Invariants.Effect).Append(Invariants.GoesOn))
        {
            table.Append($"| `{invariant.Id}` | {invariant.Sentence} | {invariant.Kernel} |\n");
        }

        return table.ToString();
    }
}
