using Rmap.Properties.Running;

namespace Rmap.Properties.Architecture;

/// <summary>ARCHITECTURE.md tells the rooms as they are.</summary>
public class ArchitecturePageTests
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
}
