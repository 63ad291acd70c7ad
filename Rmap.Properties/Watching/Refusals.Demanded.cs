using Rmap.Model.Space;

namespace Rmap.Properties.Watching;

/// <content>What must be refused: what is sealed, PR_SET_MDWE, RLIMIT_MEMLOCK.</content>
internal sealed partial class Refusals
{
    /// <summary>How many pages are locked.</summary>
    private long LockedPages => PagesOf(Everything, area => area.Has(VmFlags.Locked));

    /// <summary>How many pages are mapped.</summary>
    private long MappedPages => PagesOf(Everything, _ => true);

    private static PageRange Everything => new(new(0), new(long.MaxValue));

    /// <summary>An errno that the call must end with, unless with another one, and the reason; null if it may be done.</summary>
    internal (Errno Errno, string Because)? Demanded(Operation.ByProcess operation) => operation switch
    {
        Operation.Munmap munmap when HasSealed(munmap.Range) => Sealed,
        Operation.Mmap { Placement: Placement.Fixed } mmap when HasSealed(mmap.Range) => Sealed,
        Operation.Mremap mremap when Touched(mremap).Any(HasSealed) => Sealed,
        Operation.Mprotect or Operation.PkeyMprotect when HasSealed(((Operation.OnRange)operation).Range) => Sealed,
        Operation.Madvise madvise when In(madvise.Range).Any(area => SealKeeps(area, madvise.Advice)) => Sealed,
        Operation.Mmap mmap when MdweDenies(mmap.Protection, mmap.Protection) => Denied,
        Operation.Mprotect mprotect when MdweDenies(mprotect.Range, mprotect.Protection) => Denied,
        Operation.PkeyMprotect mprotect when MdweDenies(mprotect.Range, mprotect.Protection) => Denied,
        Operation.Mmap mmap when IsLocked(mmap) && LockedPages + mmap.Range.Pages > limit => (Errno.EAGAIN, Limit),
        Operation.Mremap mremap when space[mremap.Range.Start.Number]?.Has(VmFlags.Locked) == true
            && mremap.NewLength - mremap.Range.Pages is > 0 and var growth && LockedBeside(mremap) + growth > limit
            => (Errno.EAGAIN, Limit),
        Operation.Mlock { Range: var range } when LockedWith(range) > limit => (Errno.ENOMEM, Limit),
        Operation.Mlockall { Current: true } when MappedPages > limit => (Errno.ENOMEM, Limit),
        _ => null,
    };

    /// <summary>Whether a seal keeps advice from what it would take from the process, which could not do it by stores.</summary>
    internal static bool SealKeeps(ContentArea area, Advice advice) =>
        area is { Object: null } && area.Has(VmFlags.Sealed) && !area.Has(VmFlags.Write)
        && advice is Advice.DontNeed or Advice.DontNeedLocked or Advice.Free or Advice.Remove or Advice.DontFork or Advice.WipeOnFork;

    private static (Errno, string) Sealed => (Errno.EPERM, "it would change what is sealed");

    private static (Errno, string) Denied => (Errno.EACCES, "PR_SET_MDWE is set");

    private string Limit => $"RLIMIT_MEMLOCK is {limit} pages";

    /// <summary>
    /// What mremap looks at or takes away: its first page, all of what moves, the tail that goes, what lies at a fixed target, but for
    /// where nothing comes, since there was a hole.
    /// </summary>
    private IEnumerable<PageRange> Touched(Operation.Mremap mremap)
    {
        (PageRange old, MremapFlags flags) = (mremap.Range, mremap.Flags);
        yield return (flags & (MremapFlags.Fixed | MremapFlags.DontUnmap)) != 0 ? old : PageRange.Of(old.Start, 1);
        yield return new(old.Start + mremap.NewLength, old.End);
        if ((flags & MremapFlags.Fixed) == 0)
            yield break;

        VirtualPage to = mremap.Target.GetValueOrDefault();
        foreach ((PageRange part, _) in space.In(PageRange.Of(old.Start, Math.Min(old.Pages, mremap.NewLength))))
            yield return PageRange.Of(to + (part.Start - old.Start), part.Pages);

        yield return new(to + old.Pages, to + mremap.NewLength);
    }

    private static PageRange TargetOf(Operation.Mremap mremap) => PageRange.Of(mremap.Target.GetValueOrDefault(), mremap.NewLength);

    /// <summary>How many pages are locked but for those at a fixed target: Linux may have taken these down before it counts.</summary>
    private long LockedBeside(Operation.Mremap mremap) => LockedPages
        - ((mremap.Flags & MremapFlags.Fixed) == 0 ? 0 : PagesOf(TargetOf(mremap), area => area.Has(VmFlags.Locked)));

    private bool HasSealed(PageRange range) => In(range).Any(area => area.Has(VmFlags.Sealed));

    private bool MdweDenies(PageRange range, Protection now) => In(range).Any(area => MdweDenies(now, area.Protection));

    private bool MdweDenies(Protection now, Protection before) => space.Mdwe != Mdwe.None && (now & Protection.Exec) != 0
        && ((now & Protection.Write) != 0 || (before & Protection.Exec) == 0);

    private bool IsLocked(Operation.Mmap mmap) => mmap.Locked || (space.FutureLocks & VmFlags.Locked) != 0;

    private bool Exceeds(long locked) => limit < long.MaxValue && locked + astray > limit;

    private long LockedWith(PageRange range) =>
        LockedPages + (UnmappedArea.Wraps(range) ? 0 : range.Pages - PagesOf(range, area => area.Has(VmFlags.Locked)));

    private long PagesOf(PageRange range, Func<ContentArea, bool> are) =>
        space.In(range).Where(part => are(part.Area)).Sum(part => part.Range.Pages);
}
