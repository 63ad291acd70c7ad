namespace Rmap.Regressions.Recordings;

internal sealed partial class Replay
{
    private readonly List<(VirtualPage Page, Pte Pte)> ptes = [];
    private readonly List<Place> walked = [];
    private RecordedProcess process = null!;
    private readonly List<AnonVma> chain = [];
    private readonly List<StableNode> stable = [];
    private readonly List<RecordedTreeEntry> tree = [];
    private readonly HashSet<object> reachable = new(ReferenceEqualityComparer.Instance);
    private readonly List<AnonVma> live = [];

    private void CompareProcesses(RecordedState state)
    {
        if (!CompareCount(FieldKind.Vmas, "processes", state.Processes, machine.Processes, each => $"P{each.Process}", each => each.Id))
        {
            Skip(FieldKind.Chain, FieldKind.PteDirty);
            return;
        }

        int index = 0;
        foreach (Process process in machine.Processes)
        {
            RecordedProcess recorded = state.Processes[index++];
            if (recorded.Process != process.Id.Number)
            {
                Report(FieldKind.Vmas, "processes", $"P{recorded.Process}", process.Id);
                Skip(FieldKind.Chain, FieldKind.PteDirty);
                continue;
            }

            this.process = recorded;
            CompareVmas(recorded, process.Mm);
            ComparePtes(recorded, process.Mm);
        }
    }

    private void CompareVmas(RecordedProcess process, Mm mm)
    {
        if (!CompareCount(FieldKind.Vmas, $"P{process.Process} VMAs", process.Vmas, mm.Vmas, each => $"{each.Start}-{each.End}",
            each => $"{each.Start}-{each.End}"))
        {
            Skip(FieldKind.Chain, FieldKind.Chain);
            return;
        }

        for (int i = 0; i < process.Vmas.Length; i++)
        {
            RecordedVma recorded = process.Vmas[i];
            VmArea vma = mm.Vmas[i];
            if (recorded.Start != vma.Start.Number || recorded.End != vma.End.Number)
            {
                Report(FieldKind.Vmas, Vma(process, recorded), $"{recorded.Start}-{recorded.End}", $"{vma.Start}-{vma.End}");
                Skip(FieldKind.Chain, FieldKind.Chain);
                continue;
            }

            VmFlags flags = vma.Flags & RecordingReader.RecordedFlags;
            if (recorded.Flags != flags)
                Report(FieldKind.Vmas, Vma(process, recorded) + " flags", recorded.Flags, flags);

            if (recorded.AnonPageOffset is { } anonPageOffset && anonPageOffset != vma.AnonPageOffset)
                Report(FieldKind.Vmas, Vma(process, recorded) + " anonymous page offset", anonPageOffset, vma.AnonPageOffset);

            Compare(recorded, vma);
            CompareChain(process, recorded);
        }
    }

    private void CompareChain(RecordedProcess process, RecordedVma recorded)
    {
        bool same = recorded.Chain.Length == chain.Count;
        for (int i = 0; i < chain.Count && same; i++)
            same = anonVmas.Same(recorded.Chain[i], chain[i]);

        if (!same)
            Report(FieldKind.Chain, Vma(process, recorded) + " chain", Join(recorded.Chain), Join(chain.Select(anonVmas.Of)));
    }

    private void ComparePtes(RecordedProcess process, Mm mm)
    {
        ptes.Clear();
        Visit(mm.PageTable);
        if (!CompareCount(FieldKind.Ptes, $"P{process.Process} page-table entries", process.Ptes, ptes,
            each => $"{each.Page} {each.Kind} {each.Target}", each => $"{each.Page} {each.Pte.Kind}"))
        {
            Skip(FieldKind.PteYoung, FieldKind.PteDirty);
            return;
        }

        for (int i = 0; i < process.Ptes.Length; i++)
        {
            (VirtualPage page, Pte pte) = ptes[i];
            RecordedPte recorded = process.Ptes[i];
            if (recorded.Page != page.Number || recorded.Kind != pte.Kind)
            {
                Report(
                    FieldKind.Ptes, $"P{process.Process} PTE",
                    $"{recorded.Page} {recorded.Kind} {recorded.Target}", $"{page} {pte.Kind}");
                Skip(FieldKind.PteYoung, FieldKind.PteDirty);
                continue;
            }

            bool same = pte.Kind switch
            {
                PteKind.Present or PteKind.Migration => pages.Same(recorded.Target, pte.Page),
                PteKind.Swap => slots.Same(recorded.Target, pte.Slot),
                _ => true,
            };
            if (!same)
                Report(FieldKind.Ptes, $"P{process.Process} PTE {page}", recorded.Target, pte.Kind == PteKind.Swap ? slots.Was : pages.Was);

            CompareBit(FieldKind.Ptes, process, recorded, pte, PteBits.Writable);
            CompareBit(FieldKind.Ptes, process, recorded, pte, PteBits.Exclusive);
            CompareBit(FieldKind.PteYoung, process, recorded, pte, PteBits.Young);
            CompareBit(FieldKind.PteDirty, process, recorded, pte, PteBits.Dirty);
        }
    }

    private void CompareBit(FieldKind kind, RecordedProcess process, RecordedPte recorded, Pte pte, PteBits bit)
    {
        // A migration entry's bits are not recorded.
        if (((recorded.Bits ^ pte.Bits) & bit) != 0 && pte.Kind != PteKind.Migration)
            Report(kind, $"P{process.Process} PTE {recorded.Page} {bit}", (recorded.Bits & bit) != 0, (pte.Bits & bit) != 0);
    }

    private void CompareFiles(RecordedState state)
    {
        if (!CompareCount(FieldKind.Files, "files", state.Files, machine.Files.All, each => each.Name, each => each.Name))
        {
            Skip(FieldKind.IMmap, FieldKind.PageCache);
            return;
        }

        foreach (RecordedFile recorded in state.Files)
        {
            if ((files.Find(recorded.Name) ?? machine.Files.All.FirstOrDefault(each => each.Name == recorded.Name)) is not { } file)
            {
                Report(FieldKind.Files, recorded.Name, "there", "none");
                Skip(FieldKind.IMmap, FieldKind.PageCache);
                continue;
            }

            if (!SameFile(recorded.Name, file))
                Report(FieldKind.Files, recorded.Name, "the file of this name", file);

            Compare(recorded, file);
            CompareSequence(FieldKind.IMmap, recorded.Name, " i_mmap", recorded.IMmap, walked);
            CompareCache(recorded, file);
        }
    }

    private void CompareCache(RecordedFile recorded, AddressSpace file)
    {
        int found = 0;
        foreach (RecordedCacheEntry entry in recorded.Cached)
        {
            Page? page = file.Cache.GetValueOrDefault(entry.Index);
            SwapSlot? slot = file.Swapped.GetValueOrDefault(entry.Index);
            bool shadow = file.Shadows.Contains(entry.Index);
            found += (page is null ? 0 : 1) + (slot is null ? 0 : 1) + (shadow ? 1 : 0);
            if (!pages.Same(entry.Frame, page) || !slots.Same(entry.Slot, slot) || entry.IsShadow != shadow)
            {
                Report(
                    FieldKind.PageCache, $"{recorded.Name} cache {entry.Index}", entry.Frame ?? entry.Slot ?? "shadow",
                    page is not null ? pages.Of(page) : slot is not null ? slots.Of(slot) : shadow ? "shadow" : "none");
            }
        }

        if (found != file.Cache.Count + file.Swapped.Count + file.Shadows.Count)
        {
            Report(FieldKind.PageCache, $"{recorded.Name} cache", Join(recorded.Cached.Select(each => $"{each.Index}")),
                Join(file.Cache.Keys.Concat(file.Swapped.Keys).Concat(file.Shadows).Order()));
        }
    }

    private void CompareSwap(RecordedState state)
    {
        CompareCount(FieldKind.Swap, "swap slots", state.Swap, machine.Swap.All, each => each.Name, each => slots.Of(each));
        foreach (RecordedSlot recorded in state.Swap)
        {
            if (slots.Find(recorded.Name) is not { IsFree: false } slot)
            {
                // Only the cache holds it: found through its page.
                if (recorded.Frame is null || pages.Find(recorded.Frame)?.SwapCache is not { } cacheOnly)
                {
                    Report(FieldKind.Swap, recorded.Name, "in use", "not");
                    continue;
                }

                slot = cacheOnly;
                slots.Same(recorded.Name, slot);
            }

            Compare(recorded, slot);
        }
    }

    private void CompareKsm(RecordedKsm recorded)
    {
        KsmState ksm = machine.Ksm;
        stable.Clear();
        Compare(recorded, ksm);
        if (CompareCount(FieldKind.Ksm, "stable tree", recorded.Stable, stable, each => each.Name, stableNodes.Of))
        {
            for (int i = 0; i < stable.Count; i++)
                CompareStableNode(recorded.Stable[i], stable[i]);
        }

        if (CompareCount(FieldKind.Ksm, "mm slots", recorded.Slots, ksm.Slots, each => $"P{each.Process}", each => each.Mm.Owner))
        {
            for (int i = 0; i < recorded.Slots.Length; i++)
                CompareMmSlot(recorded.Slots[i], ksm.Slots[i]);
        }
    }

    private void CompareStableNode(RecordedStableNode recorded, StableNode node)
    {
        if (!stableNodes.Same(recorded.Name, node))
            Report(FieldKind.Ksm, "stable tree", recorded.Name, stableNodes.Was);

        Page? page = machine.Frames[node.KPfn] is { } there && there.Mapping == node ? there : null;
        if (!pages.Same(recorded.Frame, page))
            Report(FieldKind.Ksm, recorded.Name + " frame", recorded.Frame, pages.Was);

        bool same = recorded.Items.Length == node.Items.Count;
        for (int i = 0; i < recorded.Items.Length && same; i++)
        {
            RmapItem item = node.Items[i];
            same = recorded.Items[i].Process == item.Mm.Owner.Number && recorded.Items[i].Page == item.Address.Number
                && anonVmas.Same(recorded.Items[i].AnonVma, item.AnonVma);
        }

        if (!same)
        {
            Report(
                FieldKind.Ksm, recorded.Name + " items",
                Join(recorded.Items.Select(each => $"P{each.Process} {each.Page} {each.AnonVma}")),
                Join(node.Items.Select(each => $"{each.Mm.Owner} {each.Address} {anonVmas.Of(each.AnonVma)}")));
        }
    }

    private void CompareMmSlot(RecordedMmSlot recorded, KsmMmSlot slot)
    {
        if (recorded.Process != slot.Mm.Owner.Number || recorded.HasExited != slot.Mm.HasExited)
        {
            Report(
                FieldKind.Ksm, "mm slots",
                $"P{recorded.Process}, exited {recorded.HasExited}", $"{slot.Mm.Owner}, exited {slot.Mm.HasExited}");
            return;
        }

        CompareSequence(FieldKind.Ksm, $"P{recorded.Process}", " rmap items", recorded.Items, [.. slot.Items.Select(item =>
            new RecordedItemState(item.Address.Number, item.Head is not null ? "stable" : item.IsUnstable ? "unstable" : "none"))]);
    }

    private void CompareAnonVmas(RecordedState state)
    {
        CollectAnonVmas();
        RecordedAnonVma[] compared = Undetermined.Compared(state.AnonVmas);
        if (!CompareCount(FieldKind.AnonVmas, "anon_vmas", compared, live, each => each.Name, anonVmas.Of))
        {
            Skip(FieldKind.AnonVmaTree, FieldKind.AnonVmaTree);
            return;
        }

        foreach (RecordedAnonVma recorded in compared)
        {
            if (anonVmas.Find(recorded.Name) is not { } anonVma)
            {
                Report(FieldKind.AnonVmas, recorded.Name, "there", "none");
                Skip(FieldKind.AnonVmaTree, FieldKind.AnonVmaTree);
                continue;
            }

            Compare(recorded, anonVma);
            CompareSequence(FieldKind.AnonVmaTree, recorded.Name, " tree", recorded.Tree, tree);
        }
    }

    /// <summary>The AVs that something which is recorded leads to.</summary>
    private void CollectAnonVmas()
    {
        reachable.Clear();
        live.Clear();
        foreach (Process process in machine.Processes)
        {
            foreach (VmArea vma in process.Mm.Vmas)
            {
                foreach (AnonVmaChain link in vma.Chain)
                    Collect(link.AnonVma);
            }
        }

        foreach (KsmMmSlot slot in machine.Ksm.Slots)
        {
            foreach (RmapItem item in slot.Items)
                Collect(item.AnonVma);
        }
    }

    private void Collect(AnonVma? anonVma)
    {
        if (anonVma is { IsFreed: false } && reachable.Add(anonVma))
        {
            live.Add(anonVma);
            Collect(anonVma.Root);
            Collect(anonVma.Parent);
        }
    }

    /// <summary>Files and segments have the scenario's names; those of shared anonymous memory are the recorder's.</summary>
    private bool SameFile(string? recorded, AddressSpace? file) =>
        files.Same(recorded, file) && (recorded is null || file is { Kind: FileKind.SharedAnonymous } || recorded == file!.Name);

    private static string Vma(RecordedProcess process, RecordedVma vma) => $"P{process.Process} VMA {vma.Start}-{vma.End}";

    private bool CompareCount<TRecorded, TModel>(
        FieldKind kind,
        string path,
        IReadOnlyCollection<TRecorded> recorded,
        IEnumerable<TModel> model,
        Func<TRecorded, object> recordedName,
        Func<TModel, object> modelName)
    {
        if (recorded.Count == model.Count())
            return true;

        Report(kind, path, $"{recorded.Count}: {Join(recorded.Select(recordedName))}", $"{model.Count()}: {Join(model.Select(modelName))}");
        return false;
    }

    private void CompareSequence<T>(FieldKind kind, string name, string field, T[] recorded, List<T> model)
        where T : struct, IEquatable<T>
    {
        if (!System.Runtime.InteropServices.CollectionsMarshal.AsSpan(model).SequenceEqual(recorded))
            Report(kind, name + field, Join(recorded), Join(model));
    }

    private static string Join<T>(IEnumerable<T> all) => "[" + string.Join(", ", all) + "]";
}
