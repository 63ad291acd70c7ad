namespace Rmap.Properties.Watching;

/// <content>The map of each address space against the VMAs that splitting and merging have left.</content>
public sealed partial class ContentModel
{
    private readonly HashSet<Mm> compared = [];

    /// <summary>
    /// Compares what each page is with what the VMAs say: protection, sharing, file and offset, policy and all flags. What a call has left
    /// open is taken from the VMAs, if it is one of what may be.
    /// </summary>
    /// <returns>A violation of <see cref="Invariants.Map"/>, or null.</returns>
    public Violation? Compare()
    {
        IReadOnlyList<Process> list = machine.Processes;
        compared.Clear();
        for (int i = 0; i < list.Count; i++)
        {
            Process process = list[i];
            if (!compared.Add(process.Mm) || !processes.TryGetValue(process.Id.Number, out ContentSpace? space))
                continue;

            if (space.Alternatives.Count > 0)
                Settle(space, process.Mm);

            if (Compare(space, process) is { } violation)
                return violation;
        }

        return null;
    }

    private Violation? Compare(ContentSpace space, Process process)
    {
        IReadOnlyList<VmArea> vmas = process.Mm.Vmas;
        VirtualPage page = default;
        int at = 0;
        for (int i = 0; i < vmas.Count; i++)
        {
            VmArea vma = vmas[i];
            if (at < space.Stretches.Length && VirtualPage.Max(space.Stretches[at].Range.Start, page) < vma.Start)
                return Missing(space, process, at, page);

            for (page = vma.Start; page < vma.End;)
            {
                if (at == space.Stretches.Length || space.Stretches[at].Range.Start > page)
                    return Wrong(process, page, $"in the VMA {vma}", "nothing mapped");

                ContentArea area = space.Stretches[at].Area;
                See(area, vma);
                if (!Agrees(area, vma))
                    return Wrong(process, page, $"in the VMA {vma}, {Describe(vma, page.Number)}", Describe(area, page.Number));

                if (area.Open != VmFlags.None || area.OtherShift is not null)
                {
                    space.Change(space.Stretches[at].Range.Intersect(vma.Range), open => open.As(vma));
                    at = space.From(page.Number);
                }

                page = VirtualPage.Min(space.Stretches[at].Range.End, vma.End);
                at += space.Stretches[at].Range.End <= page ? 1 : 0;
            }
        }

        return at < space.Stretches.Length ? Missing(space, process, at, page) : null;
    }

    private static Violation Missing(ContentSpace space, Process process, int at, VirtualPage from)
    {
        VirtualPage page = VirtualPage.Max(space.Stretches[at].Range.Start, from);
        return Wrong(process, page, "in no VMA", Describe(space.Stretches[at].Area, page.Number));
    }

    /// <summary>The object behind shared anonymous memory is met here first. It is nobody else's.</summary>
    private void See(ContentArea area, VmArea vma)
    {
        if (area.Object is { Seen: null } && vma.File is { Mapping: { Kind: FileKind.SharedAnonymous } mapping }
            && !Spaces.Any(space => space.Stretches.ToArray().Any(other => other.Area.Object?.Seen == mapping)))
        {
            area.Object.Seen = mapping;
        }
    }

    /// <summary>What mremap has moved has the page offset of its new address if nobody wrote to it.</summary>
    private static bool Agrees(ContentArea area, VmArea vma) => area.Agrees(vma)
        && (area is not { Shift: 0, OtherShift: not null } || vma.AnonVma is not null || vma.PageOffset == vma.Start.Number);

    /// <summary>
    /// Makes one state of those that a call which failed on its way may have left, piece by piece as the machine shows it. Where it shows
    /// none of them, all stays as it was.
    /// </summary>
    private void Settle(ContentSpace space, Mm mm)
    {
        ContentSpace[] all = [space, .. space.Alternatives];
        SortedSet<VirtualPage> borders = [.. mm.Vmas.SelectMany(vma => new[] { vma.Start, vma.End }),
            .. all.SelectMany(each => each.Stretches.ToArray()).SelectMany(stretch => new[] { stretch.Range.Start, stretch.Range.End })];
        var settled = new ContentSpace { IsMergeAny = space.IsMergeAny };
        foreach (PageRange piece in borders.Zip(borders.Skip(1), (start, end) => new PageRange(start, end)))
        {
            VmArea? vma = mm.Lookup(piece.Start);
            ContentSpace[] fitting = [.. all.Where(
                each => each[piece.Start.Number] is { } area ? vma is not null && Fits(area, vma) : vma is null)];
            ContentSpace chosen = fitting.Length > 0 ? fitting[0] : space;
            if (chosen[piece.Start.Number] is not { } known)
                continue;

            settled.Map(piece, known);
            foreach (long page in all.SelectMany(each => each.Copies.In(piece).Select(each.Copies.PageAt)).Distinct())
            {
                // An own page that shows what lies behind is rather one that came than one of which nothing is known.
                Pte pte = mm.PageTable[new(page)];
                ContentSpace of = fitting.OrderByDescending(each => IsOwn(pte) && each.Copies.TryGet(page, out _))
                    .FirstOrDefault(each => IsThere(each, known, page, pte), chosen);
                if (of.Copies.TryGet(page, out ContentCopy copy))
                    settled.Copies.Set(page, copy);
            }
        }

        space.Become(settled);

        bool Fits(ContentArea area, VmArea vma)
        {
            See(area, vma);
            return Agrees(area, vma);
        }
    }

    /// <summary>Whether the entry may be of the copy that a space has of a page, or may be of none if it has none.</summary>
    private static bool IsThere(ContentSpace space, ContentArea area, long page, Pte pte)
    {
        if (!space.Copies.TryGet(page, out ContentCopy copy))
            return IsOwn(pte) ? Shown(pte, area) == area.Behind(page) : pte.Kind != PteKind.Poisoned;

        bool isValue = Shown(pte, area) is { } value ? value == copy.Value : copy.MayBeUnread;
        return pte.Kind == PteKind.Poisoned ? copy.MayBeUnread
            : pte.IsNone ? MayBeBare(copy)
            : IsOwn(pte) && isValue && (!copy.IsHeld || copy.Held!.MayPart || copy.Held.IsAt(pte));
    }

    private static Violation Wrong(Process process, VirtualPage page, string saw, string expected) =>
        new(Invariants.Map, $"page {page} of {process.Id} is {saw}", $"{expected}");

    private static string Describe(VmArea vma, long page) =>
        Describe(vma.Flags, vma.Policy, vma.File?.Mapping, vma.PageOffset + (page - vma.Start.Number), page);

    /// <summary>What a page of an area is, in words.</summary>
    internal static string Describe(ContentArea area, long page) =>
        Describe(area.Flags, area.Policy, area.Object?.Seen, page + area.Shift, page);

    private static string Describe(VmFlags flags, MemoryPolicy policy, AddressSpace? file, long offset, long page)
    {
        const VmFlags told = VmFlags.Access | VmFlags.Shared | VmFlags.MayShare | MayAccess;
        IEnumerable<string> others = Enum.GetValues<VmFlags>().Where(flag => int.IsPow2((int)flag) && (flags & ~told & flag) != 0)
            .Select(flag => flag.ToString().ToLowerInvariant());
        VmFlags never = MayAccess & ~flags;
        if (never != VmFlags.None)
            others = others.Append($"never {never.ToString().Replace("May", "", StringComparison.Ordinal).ToLowerInvariant()}");

        if (((flags & VmFlags.Shared) != 0) != ((flags & VmFlags.MayShare) != 0))
            others = others.Append((flags & VmFlags.Shared) != 0 ? "not mayshare" : "not stored through");

        if (policy != MemoryPolicy.Default)
            others = others.Append(policy.ToString().ToLowerInvariant());

        return string.Join(' ', others.Prepend(
            $"{(flags & VmFlags.Access).Letters()} {((flags & VmFlags.MayShare) != 0 ? "shared" : "private")} "
            + (file is null ? "anonymous" : $"page {offset} of {file}")
            + (file is null && offset != page ? $"@{offset}" : "")));
    }
}
