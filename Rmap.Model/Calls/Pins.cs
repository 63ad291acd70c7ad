namespace Rmap.Model.Calls;

/// <summary>What whoever holds a page does with it (<c>mm/gup.c</c>, 6.18), past all page tables.</summary>
internal static class Pins
{
    /// <summary><c>gup_put_folio</c>: the last one to let go of a page frees it.</summary>
    internal static Outcome Execute(TaskStruct current, Operation.Unpin unpin)
    {
        if (current.Machine.Pins.Find(unpin.Id) is not { } pin)
            return Errno.EBADF;

        current.Machine.Pins.Remove(pin, current.Rules.ReleaseUnpins(pin));
        if (pin.Page is { } page)
            current.Machine.Frames.Put(page);

        return Errno.None;
    }

    internal static Outcome Execute(TaskStruct current, Operation.PinRead read) =>
        current.Machine.Pins.Find(read.Id) is { } pin ? Outcome.Of(pin.Page?.Value ?? 0) : Errno.EBADF;

    internal static Outcome Execute(TaskStruct current, Operation.PinWrite write)
    {
        if (current.Machine.Pins.Find(write.Id) is not { } pin)
            return Errno.EBADF;

        if (pin is not { Kind: GupKind.PinWrite, Page: { } page })
            return Errno.EPERM;

        page.Value = write.Value;
        page.MarkDirty();
        return Errno.None;
    }
}
