using Rmap.Model.Rmap;
using Rmap.Model.Sched;

namespace Rmap.Model.Walks;

/// <summary>
/// <c>folio_referenced</c> (<c>mm/rmap.c</c>, 6.18, small folios): who has accessed a page since it was last asked. Left out: memory
/// groups, exiting processes, idle page tracking, contended locks.
/// </summary>
internal static class PageReferenced
{
    /// <summary>The operation: ENOENT, EINVAL, EFAULT as <see cref="RmapTarget"/> gives them, else the answer.</summary>
    internal static Outcome Execute(TaskStruct current, Operation.Referenced referenced) =>
        RmapTarget.Execute(
            current, referenced.Page, page => new Outcome.References(Count(current, page, out VmFlags flags), flags));

    /// <summary>
    /// Clears the accessed bit of every entry that maps the page. A VM_LOCKED VMA ends the walk: the page is mlocked, its use does
    /// not matter.
    /// </summary>
    /// <param name="current">The task.</param>
    /// <param name="page">The page.</param>
    /// <param name="flags">Flags of the VMAs that had accessed it, united; VM_LOCKED only if that ended the walk.</param>
    /// <returns>VMAs visited in which it had been accessed.</returns>
    internal static int Count(TaskStruct current, Page page, out VmFlags flags)
    {
        flags = VmFlags.None;
        int referenced = 0;
        int unseen = page.MapCount;
        if (unseen == 0)
            return 0;

        HeldLock folio = default;
        if (current.Rules.ReferencedLocksFolio(page) && !current.TryLock(LockKind.Folio, page, out folio))
            return 1;

        using HeldLock _ = folio;
        foreach (RmapVisit visit in new LockedWalk(current, page))
        {
            if (current.Rules.ReferencedPassesBy(visit.Vma) || !visit.Maps(page, current.Rules))
                continue;

            if (current.Rules.ReferencedStopsAtLocked(visit.Vma))
            {
                MlockBatch.Mlock(current, page);
                flags |= VmFlags.Locked;
                break;
            }

            if (visit.Pte.IsYoung)
            {
                PteBits cleared = current.Rules.Does(LinuxStep.ReferencedMakesOld) ? PteBits.Young : PteBits.None;
                visit.Store(visit.Pte.Without(cleared));
                if (current.Rules.HasRecency(visit.Vma))
                {
                    flags |= visit.Vma.Flags & ~VmFlags.Locked;
                    referenced++;
                }
            }

            if (--unseen == 0)
                break;
        }

        return referenced;
    }
}
