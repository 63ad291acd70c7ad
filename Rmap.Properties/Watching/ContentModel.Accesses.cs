namespace Rmap.Properties.Watching;

/// <content>Loads and stores: which value or signal they must have.</content>
public sealed partial class ContentModel
{
    /// <summary>
    /// The first load that would give another value than it must, or null. It looks at private memory only, and at what is mapped or in
    /// swap: the load itself has the last word.
    /// </summary>
    public Operation.Read? FirstWrongLoad()
    {
        foreach (Process process in machine.Processes.DistinctBy(process => process.Mm))
        {
            if (!processes.TryGetValue(process.Id.Number, out ContentSpace? space))
                continue;

            // What no entry tells of is wrong only if there should be a copy; so both are asked, entries and copies.
            IEnumerable<VirtualPage> copies = Enumerable.Range(0, space.Copies.Count).Select(i => new VirtualPage(space.Copies.PageAt(i)));
            foreach (VirtualPage page in process.Mm.PageTable.Entries().Select(entry => entry.Page).Union(copies).Order())
            {
                if (space[page.Number] is { IsShared: false } area && (area.Protection & Protection.Read) != 0
                    && Shown(process.Mm.PageTable[page], area) is { } value && !MayShow(space, area, page.Number, value))
                {
                    return new Operation.Read(process.Id, page);
                }
            }
        }

        return null;
    }

    private Violation? Load(ContentSpace space, Operation.Read read, Outcome outcome)
    {
        long page = read.Page.Number;
        if (space[page] is not { } area)
            return Unmapped(read, outcome);

        bool isAllowed = area.Protection != Protection.None;
        if (isAllowed && outcome is Outcome.Success { Value: >= 0 and <= 255 } success && MayShow(space, area, page, (byte)success.Value))
        {
            Loaded(space, page, (byte)success.Value, MmOf(read).PageTable[read.Page]);
            return null;
        }

        // User-Mode Linux lets nobody read what may only be written, unless an entry is there already.
        bool isRefused = machine.Options.UserModeLinux && area.Protection == Protection.Write && IsSignal(outcome, Signal.SIGSEGV);
        return isRefused ? null : Judged(space, area, read, isAllowed, outcome, Bytes(space, area, page));
    }

    private Violation? Store(ContentSpace space, Operation.Write write, Outcome outcome)
    {
        long page = write.Page.Number;
        if (space[page] is not { } area)
            return Unmapped(write, outcome);

        bool isAllowed = (area.Protection & Protection.Write) != 0;
        if (isAllowed && outcome.Succeeded && (space.Copies.TryGet(page, out _) || area.Behind(page) is not null))
        {
            if (area.IsShared)
                area.Object![page + area.Shift] = write.Value;
            else
                Stored(space, page, write.Value, MmOf(write).PageTable[write.Page]);

            return null;
        }

        return Judged(space, area, write, isAllowed, outcome, "the store done");
    }

    /// <summary>The process has its own copy now, if it had none.</summary>
    private static void Stored(ContentSpace space, long page, byte value, Pte pte)
    {
        space.Copies.TryGet(page, out ContentCopy copy);
        HeldPage? held = copy.IsHeld && copy.Held!.IsBehind(pte) ? copy.Held : null;
        if (held is not null)
            held.Value = value;

        space.Copies.Set(page, new ContentCopy { Value = value, Held = held });
    }

    /// <summary>
    /// A load has shown whether a copy that may have been dropped is there, and that it could be read. In place of one that was dropped
    /// there may be another already: nobody has stored to it, but it may be shared since.
    /// </summary>
    private static void Loaded(ContentSpace space, long page, byte value, Pte pte)
    {
        if (!space.Copies.TryGet(page, out ContentCopy copy))
            return;

        if (copy.Value == value)
            space.Copies.Set(page, copy with { MayBeUnread = false });
        else if (IsOwn(pte))
            space.Copies.Set(page, new ContentCopy { Value = value, MayBeShared = copy.MayBeShared });
        else
            space.Copies.Remove(page);
    }

    /// <summary>Whether a load may give the byte.</summary>
    private static bool MayShow(ContentSpace space, ContentArea area, long page, byte value) =>
        space.Copies.TryGet(page, out ContentCopy copy)
            ? copy.Value == value || (MayBeBare(copy) && area.Behind(page) == value)
            : area.Behind(page) == value;

    /// <summary>Whether what lies behind a copy may be seen in its place.</summary>
    private static bool MayBeBare(in ContentCopy copy) => copy.MayBeDropped && !copy.IsHeld;

    /// <summary>Whether an access may find nothing behind: SIGBUS.</summary>
    private static bool MayBeBeyondEnd(ContentSpace space, ContentArea area, long page) => area.Behind(page) is null
        && (!space.Copies.TryGet(page, out ContentCopy copy) || MayBeBare(copy));

    private static string Bytes(ContentSpace space, ContentArea area, long page) =>
        string.Join(" or ", Enumerable.Range(0, 256).Where(value => MayShow(space, area, page, (byte)value)));

    private static Violation? Judged(
        ContentSpace space, ContentArea area, Operation.OnPage access, bool isAllowed, Outcome outcome, string done)
    {
        long page = access.Page.Number;
        bool mayBeBeyondEnd = MayBeBeyondEnd(space, area, page);
        bool hasCopy = space.Copies.TryGet(page, out ContentCopy copy);
        if (isAllowed ? (mayBeBeyondEnd || copy.MayBeUnread) && IsSignal(outcome, Signal.SIGBUS) : IsSignal(outcome, Signal.SIGSEGV))
            return null;

        return Wrong(access, outcome, !isAllowed ? "SIGSEGV: the protection forbids it"
            : !mayBeBeyondEnd && !copy.MayBeUnread ? done
            : !hasCopy ? "SIGBUS: beyond the end of the file"
            : $"{done}, or SIGBUS");
    }

    private static Violation? Unmapped(Operation.OnPage access, Outcome outcome) =>
        IsSignal(outcome, Signal.SIGSEGV) ? null : Wrong(access, outcome, "SIGSEGV: nothing is mapped there");

    private static bool IsSignal(Outcome outcome, Signal signal) => outcome is Outcome.Killed killed && killed.Signal == signal;

    private static Violation Wrong(Operation.OnPage access, Outcome outcome, string expected)
    {
        string what = access is Operation.Write write ? $"stored {write.Value} to" : "read";
        return new(Invariants.Content, $"{access.Process} {what} page {access.Page}: {outcome}", $"{expected}");
    }

    /// <summary>
    /// What a load would give; null if that depends on a file, or is a signal, as it is for a page that could not be read from swap.
    /// </summary>
    private static byte? Shown(Pte pte, ContentArea area) => pte.Kind switch
    {
        PteKind.Present => pte.Page.Value,
        PteKind.ZeroPage => 0,
        PteKind.Swap when pte.Slot.Cache?.Has(PageFlags.NotUptodate) == true => null,
        PteKind.Swap => pte.Slot.Cache?.Value ?? pte.Slot.Value,
        PteKind.None when area.Object is null => 0,
        _ => null,
    };
}
