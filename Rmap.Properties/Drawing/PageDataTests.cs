using Rmap.Properties.Running;

namespace Rmap.Properties.Drawing;

/// <summary>What a page is made of.</summary>
public class PageDataTests
{
    internal const string Small =
        """
        # A copy on write.
        P0 mmap 16+2 rw private anon
        P0 write 16 = 7
        P0 fork P1     # one page, two entries: walk f1
        P1 write 16 = 8

        """;

    /// <summary>Scenarios with all kinds of things.</summary>
    public static TheoryData<string> Scenarios =>
        [.. Directory.GetFiles(Checkout.PathOf("Rmap.Regressions/Scenarios"), "*.rmap").Order(StringComparer.Ordinal)
            .Select(file => Path.GetFileName(file)!)];

    [Fact]
    public Task The_data_of_a_small_scenario() => Verify(Data("small.rmap", Small));

    [Fact]
    public void A_page_needs_no_other_file_and_is_made_with_the_same_bytes_again()
    {
        string page = PageOf("small.rmap", Small);
        Assert.Equal(page, PageOf("small.rmap", Small));
        Assert.DoesNotContain('\r', page);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" href=", page, StringComparison.Ordinal);
    }

    /// <summary>Links and walks lead to lines that are there, and a walk goes where the state text says.</summary>
    [Theory]
    [MemberData(nameof(Scenarios))]
    public void What_a_page_says_is_what_the_state_text_says(string name)
    {
        string text = Checkout.Text($"Rmap.Regressions/Scenarios/{name}");
        Assert.True(ScenarioText.TryParse(text, name, out ScenarioFile? file, out _));
        foreach (SeenStep step in ScenarioSeen.Of(file, new Linux618()).Steps)
        {
            Dictionary<string, StateLine> lines = step.Lines.ToDictionary(line => line.Id);
            foreach (StateLink link in step.Links)
            {
                Assert.True(lines.ContainsKey(link.To), $"{step.Operation}: {link}");
                Assert.True(lines.ContainsKey(link.From), $"{step.Operation}: {link}");
            }

            foreach (RmapWalked walk in step.Walks)
                Agree(walk, lines);
        }
    }

    private static void Agree(RmapWalked walk, Dictionary<string, StateLine> lines)
    {
        string told = string.Join(", ", walk.Places.Select(Told));
        Assert.Equal(lines.TryGetValue($"PAGES/{walk.Page}/rmap", out StateLine? rmap) ? rmap.Columns[1] : "", told);
        foreach (RmapPlace place in walk.Places)
        {
            string entry = place.Lit[^1];
            Assert.Equal(lines.TryGetValue(entry, out StateLine? pte) ? string.Join(' ', pte.Columns[1..]) : "none", place.Entry);
            Assert.All(place.Lit.SkipLast(1), id => Assert.Contains(id, lines));
        }

        static string Told(RmapPlace place)
        {
            string at = $"{place.Vma.Split(' ')[0]} {place.Lit[^1].Split(' ')[^1]}";
            return place.IsMapped ? at : $"({at})";
        }
    }

    private static string Data(string name, string text)
    {
        string page = PageOf(name, text);
        int start = page.IndexOf("id=\"data\">\n", StringComparison.Ordinal) + "id=\"data\">\n".Length;
        return page[start..page.IndexOf("</script>", start, StringComparison.Ordinal)];
    }

    private static string PageOf(string name, string text)
    {
        Assert.True(ScenarioText.TryParse(text, name, out ScenarioFile? file, out _));
        return ScenarioPage.Of(file, text, new Linux618(), ScenarioSeen.Of(file, new Linux618()));
    }
}
