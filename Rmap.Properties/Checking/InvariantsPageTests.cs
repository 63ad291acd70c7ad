using Rmap.Properties.Running;

namespace Rmap.Properties.Checking;

/// <summary>
/// The tables of invariants that people read are those of the code. <c>RMAP_WRITE_DOCS=1</c> puts them there where they are not.
/// </summary>
public class InvariantsPageTests
{
    private static IEnumerable<Invariant> Listed =>
        Invariants.All.Append(Invariants.Map).Append(Invariants.Content).Append(Invariants.Effect).Append(Invariants.GoesOn);

    [Fact]
    public void The_page_has_the_table_of_all_invariants() => HasTable(
        "docs/invariants.md",
        "| id | what holds | where Linux asserts it or relies on it |\n|---|---|---|\n",
        Listed, invariant => $"| `{invariant.Id}` | {invariant.Sentence} | {invariant.Kernel} |\n");

    [Fact]
    public void The_page_has_the_table_of_all_costs() => HasTable(
        "docs/invariants.md",
        "| cost | what holds | where Linux sees to it |\n|---|---|---|\n",
        Costs.All, cost => $"| `{cost.Id}` | {cost.Sentence} | {cost.Kernel} |\n");

    /// <summary>A page has a table as the code has it.</summary>
    internal static void HasTable<T>(string file, string head, IEnumerable<T> listed, Func<T, string> row)
    {
        string page = Checkout.Text(file);
        string table = head + string.Concat(listed.Select(row));
        int start = page.IndexOf(head, StringComparison.Ordinal);
        Assert.True(start >= 0, $"{file} has no table with this head:\n{head}");
        int end = page.IndexOf("\n\n", start, StringComparison.Ordinal) + 1;
        if (page[start..end] != table && Environment.GetEnvironmentVariable("RMAP_WRITE_DOCS") is { Length: > 0 })
        {
            File.WriteAllText(Checkout.PathOf(file), page[..start] + table + page[end..]);
            return;
        }

        Assert.True(
            page[start..end] == table,
            $"{file} does not have this table as the code has it (RMAP_WRITE_DOCS=1 puts it there):\n{table}");
    }
}
