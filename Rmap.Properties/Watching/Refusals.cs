using Rmap.Model.Space;

namespace Rmap.Properties.Watching;

/// <summary>
/// The errors with which a call of a process may be refused, as arguments, the map before it, limits and failed allocations tell: an error
/// that is none of them has no reason. It is told what the map is, and asks no rule.
/// </summary>
/// <param name="space">The map before the call.</param>
/// <param name="options">The limits.</param>
/// <param name="outOfMemory">Whether an allocation failed.</param>
/// <param name="vmas">How many VMAs the process had, or has now, if that is more.</param>
/// <param name="limit">How many pages it may lock.</param>
/// <param name="astray">How many Linux counts as locked that are not.</param>
internal sealed partial class Refusals(
    ContentSpace space, MachineOptions options, bool outOfMemory, int vmas, long limit = long.MaxValue, long astray = 0)
{
    /// <summary>The VMAs that an operation may need on its way besides those that it leaves.</summary>
    private const int OnTheWay = 6;

    private bool LacksMemory => outOfMemory || vmas + OnTheWay > options.MaxMapCount;

    /// <summary>
    /// The errors that the call may end with; null if this is told by others or not at all: of accesses, and of what only the kernel
    /// does.
    /// </summary>
    internal IReadOnlyList<Errno>? Of(Operation.ByProcess operation)
    {
        List<Errno> errnos = [];
        switch (operation)
        {
            case Operation.Munmap munmap:
                May(Errno.EINVAL, munmap.Range.Pages <= 0 || !UnmappedArea.IsInUserSpace(munmap.Range));
                May(Errno.ENOMEM, LacksMemory);
                May(Errno.EPERM, HasSealed(munmap.Range));
                break;
            case Operation.Mprotect mprotect:
                Protected(mprotect.Range, mprotect.Protection);
                break;
            case Operation.PkeyMprotect mprotect:
                Protected(mprotect.Range, mprotect.Protection);
                May(Errno.EINVAL, mprotect.Key is < -1 or >= 15);
                break;
            case Operation.Mseal { Range: var range }:
                May(Errno.ENOSYS, true);
                May(Errno.EINVAL, UnmappedArea.Wraps(range));
                May(Errno.ENOMEM, HasHole(range) || LacksMemory);
                break;
            case Operation.Madvise madvise:
                Advised(madvise);
                break;
            case Operation.Mbind { Range: var range }:
                May(Errno.EINVAL, UnmappedArea.Wraps(range));
                May(Errno.EFAULT, HasHole(range));
                May(Errno.ENOMEM, LacksMemory);
                break;
            case Operation.Mlock { Range: var range } mlock:
                May(Errno.EINVAL, UnmappedArea.Wraps(range));
                May(Errno.ENOMEM, HasHole(range) || LacksMemory || In(range).Any(MayNotPopulate) || Exceeds(LockedWith(range)));
                May(Errno.EAGAIN, outOfMemory);
                May(Errno.EPERM, limit == 0);
                break;
            case Operation.Mlockall mlockall:
                May(Errno.EINVAL, !mlockall.Current && !mlockall.Future);
                May(Errno.EPERM, limit == 0);
                May(Errno.ENOMEM, mlockall.Current && Exceeds(MappedPages));
                break;
            case Operation.RlimitMemlock set:
                May(Errno.EINVAL, set.Pages < 0);
                break;
            case Operation.SetMdwe set:
                May(Errno.EINVAL, true);
                May(Errno.EPERM, space.Mdwe == (set.NoInherit ? Mdwe.RefuseExecGain : Mdwe.NoInherit));
                break;
            case Operation.Munlock { Range: var range }:
                May(Errno.EINVAL, UnmappedArea.Wraps(range));
                May(Errno.ENOMEM, HasHole(range) || LacksMemory);
                break;
            case Operation.Mincore { Range: var range }:
                May(Errno.EINVAL, UnmappedArea.Wraps(range));
                May(Errno.ENOMEM, HasHole(range) || !UnmappedArea.IsInUserSpace(range));
                break;
            case Operation.Msync { Range: var range }:
                May(Errno.ENOMEM, HasHole(range));
                break;
            case Operation.Mmap mmap:
                Mapped(mmap);
                break;
            case Operation.Mremap mremap:
                Moved(mremap);
                break;
            case Operation.Fork or Operation.CloneVm:
                May(Errno.EEXIST, true);
                May(Errno.ENOMEM, operation is Operation.Fork && outOfMemory);
                break;
            case Operation.MemoryMerge:
                May(Errno.EINVAL, true);
                May(Errno.ENOMEM, outOfMemory);
                break;
            case Operation.FailNth failNth:
                May(Errno.EINVAL, failNth.Nth < 0);
                break;
            case Operation.Shmdt shmdt:
                May(Errno.EINVAL, !space.Attached(shmdt.Page).Any());
                break;
            case Operation.Exec or Operation.Exit or Operation.Munlockall:
                break;
            case Operation.Read or Operation.Write or Operation.Pin or Operation.Shmat or Operation.UffdMove
                or Operation.Reclaim or Operation.Migrate or Operation.Referenced:
                return null;
            default:
                throw new InvalidOperationException($"Nobody knows with which errors Linux refuses {operation.GetType().Name}.");
        }

        return errnos;

        void May(Errno errno, bool when)
        {
            if (when)
                errnos.Add(errno);
        }

        void Protected(PageRange range, Protection protection)
        {
            May(Errno.ENOMEM, (range.Pages != 0 && HasHole(range)) || LacksMemory);
            May(Errno.EACCES, In(range).Any(area =>
                (((int)protection * (int)VmFlags.MayRead) & ~(int)area.Flags & (int)ContentModel.MayAccess) != 0
                || MdweDenies(protection, area.Protection)));
            May(Errno.EPERM, HasSealed(range));
        }

        void Advised(Operation.Madvise madvise)
        {
            ContentArea[] areas = [.. In(madvise.Range)];
            bool setsFlags = madvise.Advice is not (Advice.DontNeed or Advice.DontNeedLocked or Advice.Free or Advice.Remove or Advice.Cold
                or Advice.PageOut or Advice.PopulateRead or Advice.PopulateWrite);
            bool populates = madvise.Advice is Advice.PopulateRead or Advice.PopulateWrite;
            VmFlags needed = madvise.Advice == Advice.PopulateWrite ? VmFlags.Write : VmFlags.Read;
            May(Errno.EINVAL, UnmappedArea.Wraps(madvise.Range) || areas.Any(area => madvise.Advice switch
            {
                Advice.DontNeed or Advice.Cold or Advice.PageOut => area.Has(VmFlags.Locked),
                Advice.Free => area.Has(VmFlags.Locked) || area.Object is not null,
                Advice.Remove => true,
                Advice.WipeOnFork => area.Object is not null,
                _ => populates && !area.Has(needed),
            }));
            May(Errno.EINVAL, options.UserModeLinux && madvise.Advice is Advice.HugePage or Advice.NoHugePage);
            May(Errno.EPERM, areas.Any(area => SealKeeps(area, madvise.Advice)));
            May(Errno.EACCES, madvise.Advice == Advice.Remove);
            May(Errno.EFBIG, madvise.Advice == Advice.Remove);
            May(Errno.EAGAIN, setsFlags && LacksMemory);
            May(Errno.ENOMEM, (madvise.Range.Pages != 0 && HasHole(madvise.Range)) || (populates && outOfMemory));
            May(Errno.EFAULT, populates && areas.Any(MayNotPopulate));
            May(Errno.EHWPOISON, populates && IsUnread(madvise.Range));
        }

        void Mapped(Operation.Mmap mmap)
        {
            May(Errno.EBADF, mmap.File is not null);
            May(Errno.EINVAL, mmap.Range.Pages <= 0);
            May(Errno.EOVERFLOW, mmap.File is not null
                && (mmap.FileOffset < 0 || mmap.FileOffset > Math.Min(options.PgoffLimit, AddressSpace.MostPages) - mmap.Range.Pages));
            May(Errno.EEXIST, mmap.Placement == Placement.NoReplace && !space.IsFree(mmap.Range));
            May(Errno.ENOMEM, LacksMemory || mmap.Placement == Placement.Hint || !UnmappedArea.IsInUserSpace(mmap.Range));
            May(Errno.EPERM, (mmap.Locked && limit == 0) || (mmap.Placement == Placement.Fixed && HasSealed(mmap.Range)));
            May(Errno.EAGAIN, IsLocked(mmap) && Exceeds(LockedPages + mmap.Range.Pages));
            May(Errno.EACCES, MdweDenies(mmap.Protection, mmap.Protection));
        }

        void Moved(Operation.Mremap mremap)
        {
            PageRange old = mremap.Range;
            bool isNew = (mremap.Flags & (MremapFlags.Fixed | MremapFlags.DontUnmap)) != 0;
            bool grows = mremap.NewLength > old.Pages;
            bool isOne = old.Pages == 1 && mremap.NewLength == 1;
            ContentArea? first = space[old.Start.Number];
            May(Errno.EINVAL, isNew || mremap.NewLength <= 0 || old.Pages <= 0 || !UnmappedArea.IsInUserSpace(old)
                || mremap.NewLength > UnmappedArea.TaskSize || (grows && first?.Object is not null));
            May(Errno.EFAULT, first is null || (grows && old.Pages > 1) || (isNew && !isOne));
            May(Errno.ENOMEM, LacksMemory || grows || (isNew && (mremap.Flags & MremapFlags.Fixed) == 0));
            May(Errno.EPERM, HasSealed(old) || first?.Has(VmFlags.Sealed) == true
                || (isNew && HasSealed(TargetOf(mremap))));
            May(Errno.EAGAIN, grows && first?.Has(VmFlags.Locked) == true && Exceeds(LockedPages + mremap.NewLength - old.Pages));
        }
    }

    private IEnumerable<ContentArea> In(PageRange range) =>
        UnmappedArea.Wraps(range) || range.Pages <= 0 ? [] : space.In(range).Select(part => part.Area);

    private bool HasHole(PageRange range) => UnmappedArea.Wraps(range) || space.FirstHole(range) < range.End;

    private bool IsUnread(PageRange range) => space.Copies.In(range).Any(index => space.Copies.At(index).MayBeUnread);

    /// <summary>
    /// Whether a page of the area may be one that cannot be faulted in: no access, beyond the end of a file, or not read from swap.
    /// </summary>
    private bool MayNotPopulate(ContentArea area) => !area.Has(VmFlags.Access) || area.Object is not null
        || IsUnread(new PageRange(new(0), new(long.MaxValue)));
}
