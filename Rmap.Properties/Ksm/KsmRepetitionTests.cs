using Rmap.Model.Ksm;

namespace Rmap.Properties.KsmTests;

/// <summary>Passes of ksmd are left out only if nothing has changed that a pass may find.</summary>
[Trait("Speed", "Quick")]
public class KsmRepetitionTests
{
    private const int Many = 100;

    private readonly Machine machine = new();
    private readonly KsmRepetition repetition = new();

    /// <summary>ksmd has been told of pages 0 to 3, and its last pass has been looked at.</summary>
    public KsmRepetitionTests()
    {
        const string setUp = """
            P0 mmap 0+5 rw private anon
            P0 write 0 = 1
            P0 write 4 = 1
            P0 madvise 0+4 mergeable
            """;
        foreach (Step step in ScenarioText.Parse(setUp).Steps)
            machine.Execute(step.Operation);

        Assert.Equal(0, repetition.Passes(machine.Ksm, Many));
    }

    private PageTable PageTable => machine.Processes[0].Mm.PageTable;

    [Fact]
    public void They_are_left_out_once_a_state_comes_back()
    {
        Assert.Equal(0, repetition.Passes(machine.Ksm, left: 16));
        Assert.Equal(Many, repetition.Passes(machine.Ksm, Many));
    }

    [Fact]
    public void They_are_made_if_an_entry_has_changed()
    {
        PageTable[new(0)] = PageTable[new(0)].Without(PteBits.Young);
        Assert.Equal(0, repetition.Passes(machine.Ksm, Many));
    }

    [Fact]
    public void They_are_made_if_a_page_has_changed()
    {
        PageTable[new(0)].Page.Value = 2;
        Assert.Equal(0, repetition.Passes(machine.Ksm, Many));
    }

    [Fact]
    public void What_is_not_mergeable_does_not_matter()
    {
        PageTable[new(4)].Page.Value = 2;
        Assert.Equal(Many, repetition.Passes(machine.Ksm, Many));
    }
}
