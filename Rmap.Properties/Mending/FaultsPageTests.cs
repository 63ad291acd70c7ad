using Rmap.Properties.Checking;
using Rmap.Properties.Running;

namespace Rmap.Properties.Mending;

/// <summary>
/// The tables of faults that people read are those of the code. <c>RMAP_WRITE_DOCS=1</c> puts them there where they are not.
/// </summary>
[Trait("Speed", "Quick")]
public class FaultsPageTests
{
    private const string Page = "docs/linux.md";

    [Fact]
    public void The_page_says_what_each_fault_does() => InvariantsPageTests.HasTable(
        Page, "| | what happens | who loses what | versions, by their source |\n|---|---|---|---|\n", Faults.All,
        fault => $"| {fault.Letter} | {fault.What} | {fault.Loss} | {fault.Versions} |\n");

    [Fact]
    public void The_page_says_where_each_fault_lies() => InvariantsPageTests.HasTable(
        Page, "| | places in the source | proposed change |\n|---|---|---|\n", Faults.All,
        fault => $"| {fault.Letter} | {fault.Source} | {fault.Change} |\n");

    [Fact]
    public void The_page_says_what_makes_each_excuse() => InvariantsPageTests.HasTable(
        Page, "| | excuse | the one event that makes it, and for whom |\n|---|---|---|\n", Faults.All,
        fault => $"| {fault.Letter} | {(fault.Excuse is { } excuse ? $"`{excuse}`" : "")} | {fault.Event} |\n");

    [Fact]
    public void The_page_names_every_file_beside_it()
    {
        string page = Checkout.Text(Page);
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Checkout.PathOf("docs/linux")).Select(Path.GetFileName),
            file => !page.Contains($"(linux/{file})", StringComparison.Ordinal));
    }
}
