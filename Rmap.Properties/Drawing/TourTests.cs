using System.Text.RegularExpressions;
using Rmap.Properties.Running;

namespace Rmap.Properties.Drawing;

/// <summary>The tour of reverse mapping: <c>docs/tour</c>.</summary>
public partial class TourTests
{
    private const string Folder = "docs/tour";

    /// <summary>Its scenarios.</summary>
    public static TheoryData<string> Chapters =>
        [.. Directory.GetFiles(Checkout.PathOf(Folder), "*.rmap").Order(StringComparer.Ordinal)
            .Select(file => Path.GetFileNameWithoutExtension(file)!)];

    [Fact]
    public void There_are_seven_chapters() => Assert.Equal(7, Chapters.Count);

    [Theory]
    [MemberData(nameof(Chapters))]
    public void The_page_of_a_chapter_is_current(string name)
    {
        (ScenarioFile file, string text) = Read(name);
        string page = ScenarioPage.Of(file, text, new Linux618(), ScenarioSeen.Of(file, new Linux618()));
        bool isCurrent = page == Checkout.Text($"{Folder}/{name}.html");
        Assert.True(
            isCurrent, $"{Folder}/{name}.html is not what its scenario gives. Make it anew: "
            + $"dotnet run --project Rmap.Properties -c Release -- pages {Folder}");
        Assert.InRange(page.Length, 1, 200_000);
    }

    /// <summary>A chapter is short, says something at every state that it stops at, and walks from pages that are there.</summary>
    [Theory]
    [MemberData(nameof(Chapters))]
    public void A_chapter_is_short_and_walks_from_pages_that_are_there(string name)
    {
        (ScenarioFile file, string text) = Read(name);
        Assert.InRange(file.Scenario.Steps.Length, 1, 9);
        ScenarioSeen seen = ScenarioSeen.Of(file, new Linux618());
        Assert.True(seen.Holds);
        ScenarioNotes notes = ScenarioNotes.Of(text, file.Lines);
        Assert.NotEmpty(notes.Heading);
        for (int i = 0; i < file.Lines.Count; i++)
        {
            foreach (Match asked in WalkOf().Matches(string.Join(' ', notes.OfSteps[i])))
                Assert.Contains(asked.Groups[1].Value, seen.Steps[i + 1].Walks.Select(walk => walk.Page));
        }
    }

    private static (ScenarioFile File, string Text) Read(string name)
    {
        string text = Checkout.Text($"{Folder}/{name}.rmap");
        Assert.True(ScenarioText.TryParse(text, $"{name}.rmap", out ScenarioFile? file, out ScenarioError? error), error?.ToString());
        return (file, text);
    }

    [GeneratedRegex(@"\bwalk (f\d+)")]
    private static partial Regex WalkOf();
}
