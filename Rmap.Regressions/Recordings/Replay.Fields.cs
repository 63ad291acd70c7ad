using Rmap.Model.State;

namespace Rmap.Regressions.Recordings;

/// <content>Which of the fields that the model tells are recorded, and as what.</content>
internal sealed partial class Replay : StateVisitor
{
    /// <summary>What is recorded of the thing that is being told.</summary>
    private object? recorded;

    /// <summary>What it is called.</summary>
    private string Path => recorded switch
    {
        RecordedVma vma => Vma(process, vma),
        RecordedFrame frame => frame.Name,
        RecordedAnonVma anonVma => anonVma.Name,
        RecordedFile file => file.Name,
        RecordedSlot slot => slot.Name,
        _ => "",
    };

    private void Compare(object recorded, object thing)
    {
        this.recorded = recorded;
        chain.Clear();
        tree.Clear();
        walked.Clear();
        Visit(thing);
    }

    private (FieldKind Kind, string Name, long Value)? RecordedNumber(string field) => (recorded, field) switch
    {
        (RecordedVma vma, "vm_pgoff") => (FieldKind.Vmas, " page offset", vma.PageOffset),
        (RecordedFrame frame, "index") => (FieldKind.Mapping, " index", frame.Index),
        (RecordedFrame frame, "mapcount") => (FieldKind.MapCount, " mapcount", frame.MapCount),
        (RecordedFrame frame, "_refcount") => (FieldKind.RefCount, " refcount", frame.RefCount),
        (RecordedFrame frame, "value") => (FieldKind.Value, " value", frame.Value),
        (RecordedAnonVma anonVma, "children") => (FieldKind.AnonVmas, " num_children", anonVma.NumChildren),
        (RecordedAnonVma anonVma, "active") => (FieldKind.AnonVmas, " num_active_vmas", anonVma.NumActiveVmas),
        (RecordedAnonVma anonVma, "refcount") => (FieldKind.AnonVmas, " refcount", anonVma.RefCount),
        (RecordedFile file, "pages") => (FieldKind.Files, " length", file.Pages),
        (RecordedSlot slot, "count") => (FieldKind.Swap, " count", slot.Count),
        (RecordedKsm ksm, "shared") => (FieldKind.Ksm, "pages_shared", ksm.Shared),
        (RecordedKsm ksm, "sharing") => (FieldKind.Ksm, "pages_sharing", ksm.Sharing),
        (RecordedKsm ksm, "unshared") => (FieldKind.Ksm, "pages_unshared", ksm.Unshared),
        (RecordedKsm ksm, "volatile") => (FieldKind.Ksm, "pages_volatile", ksm.Volatile),
        (RecordedKsm ksm, "zero") => (FieldKind.Ksm, "ksm_zero_pages", ksm.ZeroPages),
        _ => null,
    };

    /// <inheritdoc/>
    protected override void Number(string field, long value, Role role)
    {
        if (RecordedNumber(field) is { } number && number.Value != value)
            Report(number.Kind, Path + number.Name, number.Value, value);
        else if (recorded is RecordedFrame frame && field is "flags" or "activity")
            CompareFlags(frame, (PageFlags)value, field == "activity" ? Activity : ~Activity);
    }

    /// <inheritdoc/>
    protected override void Thing(string field, object? thing, Role role)
    {
        switch (recorded, field)
        {
            case (RecordedVma vma, "vm_file") when !SameFile(vma.File, (thing as OpenFile)?.Mapping):
                Report(FieldKind.Vmas, Path + " file", vma.File, (thing as OpenFile)?.Mapping);
                break;
            case (RecordedVma vma, "anon_vma") when !anonVmas.Same(vma.AnonVma, (AnonVma?)thing):
                Report(FieldKind.Chain, Path + " anon_vma", vma.AnonVma, anonVmas.Was);
                break;
            case (RecordedVma, "chain"):
                chain.Add((AnonVma)thing!);
                break;
            case (RecordedFrame frame, "swapcache") when !slots.Same(frame.SwapCache, (SwapSlot?)thing):
                Report(FieldKind.SwapCache, Path + " swap cache", frame.SwapCache, slots.Was);
                break;
            case (RecordedAnonVma anonVma, "root") when !anonVmas.Same(anonVma.Root, (AnonVma)thing!):
                Report(FieldKind.AnonVmas, Path + " root", anonVma.Root, anonVmas.Was);
                break;
            case (RecordedAnonVma anonVma, "parent")
                when !Undetermined.IsParent((AnonVma)thing!) && !anonVmas.Same(anonVma.Parent, (AnonVma)thing!):
                Report(FieldKind.AnonVmas, Path + " parent", anonVma.Parent, anonVmas.Was);
                break;
            case (RecordedSlot slot, "cache") when slot.IsCached != thing is not null || !pages.Same(slot.Frame, (Page?)thing):
                Report(FieldKind.Swap, Path + " cache", slot.Frame ?? (slot.IsCached ? "cached" : "none"), pages.Of((Page?)thing));
                break;
            case (RecordedKsm, "nodes"):
                stable.Add((StableNode)thing!);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void Interval(string tree, long start, long last, VmArea vma)
    {
        walked.Add(new Place(vma.Mm.Owner.Number, vma.Start.Number));
        this.tree.Add(new RecordedTreeEntry(vma.Mm.Owner.Number, vma.Start.Number, start));
    }

    /// <inheritdoc/>
    protected override void Entry(VirtualPage page, Pte pte) => ptes.Add((page, pte));

    private void CompareFlags(RecordedFrame frame, PageFlags model, PageFlags told)
    {
        Compare(FieldKind.AnonExclusive, frame.IsAnonExclusive, PageFlags.AnonExclusive);
        Compare(FieldKind.Dirty, frame.IsDirty, PageFlags.Dirty);
        Compare(FieldKind.SwapBacked, frame.IsSwapBacked, PageFlags.SwapBacked);
        Compare(FieldKind.Referenced, frame.IsReferenced, PageFlags.Referenced);
        Compare(FieldKind.Active, frame.IsActive, PageFlags.Active);
        Compare(FieldKind.Mlocked, frame.IsMlocked, PageFlags.Mlocked);
        Compare(FieldKind.Mlocked, frame.IsUnevictable, PageFlags.Unevictable);

        void Compare(FieldKind kind, bool isRecorded, PageFlags flag)
        {
            bool isSet = (model & flag) != 0;
            if (isRecorded != isSet && (told & flag) != 0)
                Report(kind, $"{frame.Name} {flag}", isRecorded, isSet);
        }
    }
}
