namespace Rmap.Properties.Watching;

/// <summary>What calls have made of the pages of a stretch: all that a VMA is there, but for where it begins and ends.</summary>
internal sealed record ContentArea
{
    /// <summary>What is mapped; null for private anonymous memory.</summary>
    internal ContentObject? Object { get; init; }

    /// <summary>How much larger the page offset of a page is than its number.</summary>
    internal long Shift { get; init; }

    /// <summary>Another shift that it may have, until a comparison has seen which: of memory that mremap has moved.</summary>
    internal long? OtherShift { get; init; }

    /// <summary>The flags of the VMA. Whether userfaultfd has it registered does not count: no operation leaves it so.</summary>
    internal VmFlags Flags { get; init; }

    /// <summary>Flags that may be set or not, until a comparison has seen it.</summary>
    internal VmFlags Open { get; init; }

    internal MemoryPolicy Policy { get; init; }

    /// <summary>The shmat that made it; 0 for none.</summary>
    internal int Attachment { get; init; }

    /// <summary>Whether stores reach the object, now or once they are allowed.</summary>
    internal bool IsShared => (Flags & VmFlags.MayShare) != 0;

    internal Protection Protection => (Protection)(Flags & VmFlags.Access);

    /// <summary>The byte behind a page that has no copy of its own; null beyond the end of its object.</summary>
    internal byte? Behind(long page) =>
        Object is null ? 0 : page + Shift < Object.Pages ? Object[page + Shift] : null;

    internal bool Has(VmFlags flags) => (Flags & flags) != 0;

    /// <summary>Whether a VMA is as this says.</summary>
    internal bool Agrees(VmArea vma) =>
        ((vma.Flags ^ Flags) & ~(Open | VmFlags.UffdMissing)) == 0
        && vma.Policy == Policy
        && vma.File?.Mapping == Object?.Seen
        && (ShiftOf(vma) == Shift || ShiftOf(vma) == OtherShift);

    /// <summary>The same, with what was open as the VMA has it.</summary>
    internal ContentArea As(VmArea vma) => this with
    {
        Flags = (Flags & ~Open) | (vma.Flags & Open),
        Open = VmFlags.None,
        Shift = ShiftOf(vma),
        OtherShift = null,
    };

    private static long ShiftOf(VmArea vma) => vma.PageOffset - vma.Start.Number;
}

/// <summary>Pages one behind the other that are alike.</summary>
internal readonly record struct ContentStretch(PageRange Range, ContentArea Area);

/// <summary>A process's own copy of a page.</summary>
internal record struct ContentCopy
{
    /// <summary>The byte that it holds.</summary>
    internal byte Value { get; set; }

    /// <summary>Whether the kernel may drop it at any time, so that what lies behind is seen. Not as long as somebody holds it.</summary>
    internal bool MayBeDropped { get; set; }

    /// <summary>Whether the page may be one that could not be read from swap: access may be SIGBUS.</summary>
    internal bool MayBeUnread { get; set; }

    /// <summary>Whether the page may be shared, so that the next store goes to another: since a fork or a pass of ksmd.</summary>
    internal bool MayBeShared { get; set; }

    /// <summary>The page, if <c>get_user_pages</c> has handed it out.</summary>
    internal HeldPage? Held { get; set; }

    internal readonly bool IsHeld => Held is { IsHeld: true };
}
