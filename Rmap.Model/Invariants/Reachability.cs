using Rmap.Model.Rmap;

namespace Rmap.Model.Invariants;

/// <summary>From every page there is a way back to all that map it: the property that all the others are there for.</summary>
internal static class Reachability
{
    internal static Finding? IndexIsTheLinearPageIndex(Truth truth)
    {
        foreach (PresentPte pte in truth.Anon)
        {
            if (pte.Page.Index != pte.Index)
            {
                return new($"{pte}, page offset {pte.Index}, maps {pte.Page} with index {pte.Page.Index}",
                    $"the index equal to the page offset");
            }
        }

        return null;
    }

    internal static Finding? PageAndVmaHaveOneRoot(Truth truth)
    {
        foreach (PresentPte pte in truth.Anon)
        {
            var anonVma = (AnonVma)pte.Page.Mapping!;
            if (anonVma.Root != pte.Vma.AnonVma!.Root)
            {
                return new($"{pte} maps {pte.Page}, whose AV {anonVma} has the root {anonVma.Root}",
                    $"the root of vma->anon_vma {pte.Vma.AnonVma}, {pte.Vma.AnonVma.Root}");
            }
        }

        return null;
    }

    internal static Finding? AnonPagesAreReached(Truth truth)
    {
        foreach (PresentPte pte in truth.Anon)
        {
            var anonVma = (AnonVma)pte.Page.Mapping!;
            if (!Truth.IsInChain(pte.Vma, anonVma))
            {
                return new(
                    $"{pte} maps {pte.Page} of {anonVma}, which does not know the VMA {pte.Vma} with the chain {Describe.Chain(pte.Vma)}",
                    $"{anonVma} in that chain");
            }
        }

        return null;
    }

    internal static Finding? FilePagesAreReached(Truth truth)
    {
        foreach (PresentPte pte in truth.File)
        {
            if (pte.Vma.File?.Mapping != pte.Page.Mapping || pte.Page.Index != pte.Index)
            {
                return new(
                    $"{pte}, page {pte.Index} of {(object?)pte.Vma.File?.Mapping ?? "no file"}, maps {pte.Page}, "
                    + $"page {pte.Page.Index} of {pte.Page.Mapping}",
                    $"the VMA's file at the VMA's offset");
            }
        }

        return null;
    }

    /// <summary>
    /// The two-way statement, with the walk of the model under test: it finds all that the page tables map, at addresses of their VMAs.
    /// </summary>
    internal static Finding? WalkFindsAll(Truth truth)
    {
        foreach (Page page in truth.Pages)
        {
            int mapped = truth.Of(page).Mapped;
            if (mapped == 0 && page.Mapping is not AddressSpace)
            {
                // Nobody walks from an anonymous page that is not mapped: its mapping may be stale.
                continue;
            }

            List<RmapVisit> found = truth.Found;
            found.Clear();
            foreach (RmapVisit visit in RmapWalk.Visits(page, truth.Machine.Rules))
            {
                if (visit.Vma.IsDetached || visit.Address < visit.Vma.Range.Start || visit.Address >= visit.Vma.Range.End)
                {
                    return new(
                        $"the walk of {page} looks at page {visit.Address} in {visit.Vma}{(visit.Vma.IsDetached ? ", now gone" : "")}",
                        $"an address inside a VMA of its mm");
                }

                Pte pte = visit.Vma.Mm.PageTable[visit.Address];
                if (pte.Kind == PteKind.Present && pte.Page == page && !Contains(found, visit))
                {
                    found.Add(visit);
                }
            }

            if (found.Count != truth.Of(page).Reached)
            {
                return new($"the walk of {page}, {Describe.Owner(page)}, looks at {Describe.Walk(page, truth.Machine.Rules)}",
                    $"to find {Describe.Places(truth, page)}");
            }
        }

        return null;
    }

    private static bool Contains(List<RmapVisit> visits, in RmapVisit visit)
    {
        foreach (RmapVisit each in visits)
        {
            if (each.Address.Number == visit.Address.Number && each.Vma == visit.Vma)
            {
                return true;
            }
        }

        return false;
    }
}
