using System.Text.RegularExpressions;
using Rmap.Properties.Seam;

namespace Rmap.Properties.Drawing;

/// <summary>Pages as a reader has them: opened, stepped through with keys.</summary>
public sealed partial class BrowserTests : IDisposable
{
    private readonly string file = Path.Combine(Path.GetTempPath(), $"rmap-{Guid.NewGuid()}.html");

    public void Dispose() => File.Delete(file);

    /// <summary>At every step the page shows the state as <see cref="StateText"/> has it, in the picture and as text.</summary>
    [NeedsBrowserFact]
    public async Task Steps_show_what_the_state_text_says()
    {
        Scenario scenario = Save(PageDataTests.Small, new Linux618());
        using Browser browser = await Browser.Open(file);
        var machine = new Machine(new Linux618(), scenario.Options);
        var names = new StateNames();
        for (int i = 0; ; i++)
        {
            string state = Words(StateText.Of(machine, names));
            Assert.Equal(state, Words(await browser.Ask("document.querySelector('#text pre').textContent")));
            foreach (string line in state.Split('\n').Where(line => line.Contains(' ', StringComparison.Ordinal)))
                Assert.Contains(line, Words(await browser.Ask(Boxes)), StringComparison.Ordinal);

            if (i == scenario.Steps.Length)
                break;

            Operation operation = scenario.Steps[i].Operation;
            Outcome outcome = machine.Execute(operation);
            await browser.Press("ArrowRight");
            Assert.Equal($"{ScenarioText.Print(operation)} => {outcome}", await browser.Ask("document.getElementById('now').textContent"));
        }

        await browser.Press("Home");
        Assert.Equal("the start", await browser.Ask("document.getElementById('now').textContent"));
        Assert.Empty(browser.Errors);
    }

    [NeedsBrowserFact]
    public async Task A_walk_goes_place_by_place_with_keys()
    {
        Save(PageDataTests.Small, new Linux618());
        using Browser browser = await Browser.Open(file);
        await browser.Press("End");
        await browser.Press("w");
        Assert.Equal("walk from f1", await browser.Ask("document.querySelector('#walk h2').textContent"));
        Assert.Equal(
            "1. VMA P0 16+2 ✓ mapped found in A1 @16..17 index 16 - pgoff 16 + start 16 = 16 pgd 0, pud 0, pmd 0, pte 16: f1 dirty young|"
            + "2. VMA P1 16+2 ✗ not mapped found in A1 @16..17 index 16 - pgoff 16 + start 16 = 16 "
            + "pgd 0, pud 0, pmd 0, pte 16: f2 writable dirty young",
            await browser.Ask("[...document.querySelectorAll('#walk .place')].map(place => place.textContent).join('|')"));
        await browser.Press("n");
        await browser.Press("n");
        Assert.Equal(
            "PAGES/f1|ANON_VMAS/A1|ANON_VMAS/A1/rb_root P1 16+2|PROCESSES/P1/vma 16+2|PROCESSES/P1/pte 16",
            await browser.Ask("[...document.querySelectorAll('#picture .walked[data-id]')].map(each => each.dataset.id).join('|')"));
        Assert.Empty(browser.Errors);
    }

    [NeedsBrowserFact]
    public async Task A_failure_stands_at_its_place()
    {
        Save("P0 mmap 0+1 rw private anon\nP0 write 0 = 0\n", new OffByOne());
        using Browser browser = await Browser.Open(file);
        Assert.Equal("walk does not hold", await browser.Ask("document.querySelector('#failure h2').textContent"));
        Assert.Equal(
            "sawthe walk of f1 looks at page 1 in P0 0+1expectedan address inside a VMA of its mm",
            await browser.Ask("document.querySelector('[data-id=\"PAGES/f1\"].about .saw').textContent"));
        Assert.Empty(browser.Errors);
    }

    private const string Boxes =
        "[...document.querySelectorAll('#picture [data-id]:not(.gone)')].map(box => [...box.children]"
        + ".filter(part => part.matches('.name, .col')).map(part => part.textContent).join(' ')).join('\\n')";

    private Scenario Save(string text, Rules rules)
    {
        Assert.True(ScenarioText.TryParse(text, "small.rmap", out ScenarioFile? scenario, out _));
        File.WriteAllText(file, ScenarioPage.Of(scenario, text, rules, ScenarioSeen.Of(scenario, rules)));
        return scenario.Scenario;
    }

    /// <summary>A text with one space between words, and no empty line.</summary>
    private static string Words(string text) =>
        string.Join('\n', text.Split('\n').Select(line => Spaces().Replace(line, " ").Trim()).Where(line => line.Length > 0));

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
