using System.Text.RegularExpressions;
using Rmap.Properties.Running;

namespace Rmap.Properties.Architecture;

/// <summary>ARCHITECTURE.md tells the rooms as they are.</summary>
public partial class ArchitecturePageTests
{
    [Fact]
    public void The_page_has_the_rooms_as_the_sources_have_them()
    {
        string page = Checkout.Text("ARCHITECTURE.md");
        string renewed = ArchitecturePage.Renewed(page, Arrows.Model, Arrows.All);
        if (page != renewed)
            File.WriteAllText(Checkout.PathOf("ARCHITECTURE.received.md"), renewed);

        Assert.True(
            page == renewed,
            "ARCHITECTURE.md does not have the rooms as the sources have them. "
            + "Look at ARCHITECTURE.received.md, and move it over the page.");
    }

    /// <summary>Whoever reads one page and then the other is led one way.</summary>
    [Fact]
    public void The_pages_name_the_same_six_files_to_be_read_first()
    {
        string[] readme = FirstFiles("README.md");
        Assert.Equal(6, readme.Length);
        Assert.Equal(readme, FirstFiles("ARCHITECTURE.md"));
    }

    [Theory]
    [InlineData("ARCHITECTURE.md", "Rmap.Properties")]
    [InlineData("ARCHITECTURE.md", "Rmap.Regressions")]
    [InlineData("docs/regressions.md", "Rmap.Regressions")]
    public void Every_folder_has_a_place_in_the_tables(string page, string project)
    {
        string text = Checkout.Text(page);
        string section = text[text.IndexOf($"`{project}`", StringComparison.Ordinal)..];
        string table = section[section.IndexOf("\n|", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("\n\n", StringComparison.Ordinal)];
        string[] told = [.. TableRow().Matches(table).SelectMany(row => Name().Matches(row.Value)).Select(match => match.Groups[1].Value)];
        string[] folders = [.. Project.All.Single(known => known.Name == project).SourcesBelow(Checkout.PathOf(""))
            .Select(source => source.Path.Split('/')).Where(path => path.Length > 2).Select(path => path[1]).Distinct()];
        Assert.True(folders.All(told.Contains), $"{page} says nothing of " + string.Join(", ", folders.Except(told)));
        Assert.DoesNotContain(told, folder => !Directory.Exists(Checkout.PathOf($"{project}/{folder}")));
    }

    private static string[] FirstFiles(string page)
    {
        string text = Checkout.Text(page);
        string section = text[text.IndexOf("## Read these six files first\n", StringComparison.Ordinal)..];
        int list = section.IndexOf("\n1.", StringComparison.Ordinal);
        string links = section[list..section.IndexOf("\n\n", list, StringComparison.Ordinal)];
        return [.. LinkToModel().Matches(links).Select(match => match.Groups[1].Value)];
    }

    [GeneratedRegex(@"\((Rmap\.Model/[\w/]+\.cs)\)")]
    private static partial Regex LinkToModel();

    /// <summary>The first column of a row.</summary>
    [GeneratedRegex(@"^\| `[^|]*", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
