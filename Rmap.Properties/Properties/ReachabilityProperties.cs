using FsCheck.Xunit;

namespace Rmap.Properties.Properties;

/// <summary>
/// Property 2: every present PTE is reachable by rmap, and what a walk yields and that is mapped there is that page. Read off the final
/// state, without the invariants. KSM pages are left to the invariant <c>ksm-reach</c>, which says which places are excused.
/// </summary>
[Properties(Arbitrary = [typeof(AnyCase)], MaxTest = 300, Replay = "1,3")]
public class ReachabilityProperties
{
    [Property]
    public void Every_mapping_is_found_by_the_walk_of_its_page(Scenario scenario)
    {
        Machine machine = Final.State(scenario);
        foreach ((Process process, VirtualPage address, Pte pte) in Final.Entries(machine))
        {
            if (pte.IsPresent && !pte.Page.IsKsm)
                Assert.Contains((process.Mm, address), Places(pte.Page, machine.Rules));
        }
    }

    [Property]
    public void As_many_places_are_found_as_the_mapcount_says(Scenario scenario)
    {
        Machine machine = Final.State(scenario);
        foreach (Page page in machine.Frames.All.Where(page => !page.IsKsm && page.MapCount > 0))
            Assert.Equal(page.MapCount, Places(page, machine.Rules).Count(place => place.Mm.PageTable[place.Address].Maps(page)));
    }

    [Property]
    public void A_walk_stays_inside_its_VMAs(Scenario scenario)
    {
        Machine machine = Final.State(scenario);
        foreach (Page page in machine.Frames.All.Where(page => page.MapCount > 0))
        {
            foreach (RmapVisit visit in RmapWalk.Visits(page, machine.Rules))
                Assert.True(visit.Vma.Range.Contains(visit.Address), $"{page}: page {visit.Address} is not in {visit.Vma}");
        }
    }

    private static HashSet<(Mm Mm, VirtualPage Address)> Places(Page page, Rules rules)
    {
        var places = new HashSet<(Mm, VirtualPage)>();
        foreach (RmapVisit visit in RmapWalk.Visits(page, rules))
            places.Add((visit.Vma.Mm, visit.Address));

        return places;
    }
}
