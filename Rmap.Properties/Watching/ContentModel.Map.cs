namespace Rmap.Properties.Watching;

/// <content>The map of each address space, page by page, against the VMAs that splitting and merging have left.</content>
public sealed partial class ContentModel
{
    /// <summary>
    /// Compares each page's protection and place in its file with what the VMAs say. Where a failed call may have done a part of its
    /// work, what it did is taken from the VMAs.
    /// </summary>
    /// <param name="machine">The machine that executed the operations.</param>
    /// <returns>A violation of <see cref="Invariants.Map"/>, or null.</returns>
    public Violation? Compare(Machine machine)
    {
        IReadOnlyList<Process> list = machine.Processes;
        for (int i = 0; i < list.Count; i++)
        {
            if (processes.GetValueOrDefault(list[i].Id.Number) is { HasUnfollowed: false } space
                && Compare(space, list[i]) is { } violation)
            {
                return violation;
            }
        }

        return null;
    }

    private static Violation? Compare(ContentSpace space, Process process)
    {
        int at = 0;
        IReadOnlyList<VmArea> vmas = process.Mm.Vmas;
        for (int i = 0; i < vmas.Count; i++)
        {
            VmArea vma = vmas[i];
            for (long page = vma.Start.Number; page < vma.End.Number; page++)
            {
                while (at < space.Cells.Count && space.Cells.GetKeyAtIndex(at) < page)
                {
                    if (Missing(space, process, at) is { } missing)
                        return missing;
                }

                if (at == space.Cells.Count || space.Cells.GetKeyAtIndex(at) != page)
                    return Wrong(process, page, $"in the VMA {vma}", "nothing mapped");

                if (Compare(space, at++, vma, page, process) is { } violation)
                    return violation;
            }
        }

        while (at < space.Cells.Count)
        {
            if (Missing(space, process, at) is { } missing)
                return missing;
        }

        return null;
    }

    /// <summary>A page that is in no VMA: wrong, unless a failed call may have unmapped it; then it is forgotten.</summary>
    private static Violation? Missing(ContentSpace space, Process process, int at)
    {
        if (!space.Cells.GetValueAtIndex(at).IsVague)
            return Wrong(process, space.Cells.GetKeyAtIndex(at), "in no VMA", Describe(space.Cells.GetValueAtIndex(at)));

        space.Cells.RemoveAt(at);
        return null;
    }

    private static Violation? Compare(ContentSpace space, int at, VmArea vma, long page, Process process)
    {
        ContentCell cell = space.Cells.GetValueAtIndex(at);
        var protection = (Protection)(vma.Flags & VmFlags.Access);
        if (cell.IsVague)
        {
            cell = cell with { Protection = protection, IsVague = false };
            space.Cells.SetValueAtIndex(at, cell);
        }

        if (cell.Object is { Seen: null } && vma.File is not null)
            cell.Object.Seen = vma.File.Mapping;

        bool isSame = protection == cell.Protection
            && cell.IsShared == ((vma.Flags & VmFlags.MayShare) != 0)
            && cell.Object?.Seen == vma.File?.Mapping
            && (cell.Object is null || cell.Index == vma.PageOffset + (page - vma.Start.Number));
        return isSame ? null : Wrong(process, page, $"in the VMA {vma}, {Describe(vma, page)}", Describe(cell));
    }

    private static Violation Wrong(Process process, long page, string saw, string expected) =>
        new(Invariants.Map, $"page {page} of {process.Id} is {saw}", $"{expected}");

    private static string Describe(VmArea vma, long page) => Describe(
        (Protection)(vma.Flags & VmFlags.Access), (vma.Flags & VmFlags.MayShare) != 0, vma.File?.Mapping,
        vma.PageOffset + (page - vma.Start.Number));

    private static string Describe(in ContentCell cell) => Describe(cell.Protection, cell.IsShared, cell.Object?.Seen, cell.Index);

    private static string Describe(Protection protection, bool isShared, AddressSpace? file, long index) =>
        $"{((VmFlags)protection).Letters()} {(isShared ? "shared" : "private")} {(file is null ? "anonymous" : $"page {index} of {file}")}";
}
