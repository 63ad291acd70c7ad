namespace Rmap.Model.Types;

/// <summary>
/// Fault injection (<c>lib/fault-inject.c</c>, 6.18, as <c>/proc/PID/fail-nth</c> drives it): the n-th allocation of a task fails.
/// Without it none does as long as there is memory: Linux does not let small allocations fail either.
/// <para>Counted, in the order in which Linux makes them: a VMA, room in the tree of VMAs, an AV, an AVC, an anonymous page, the object
/// behind shared anonymous memory, a slot of ksmd (by madvise), the page that migration moves to; at fork also the mm and page tables.
/// Left out: page tables in faults, where a failure changes nothing but that the fault is repeated, the page cache, the list that
/// munmap collects VMAs in, and what ksmd and swapoff allocate.</para>
/// </summary>
public sealed class FaultInjection
{
    /// <summary>Allocations that have failed so far.</summary>
    public int Failed { get; private set; }

    /// <summary>Whether the next read of an anonymous page from the swap device fails. It does so once.</summary>
    public bool FailsSwapRead { get; internal set; }

    /// <summary>Reads from the swap device that have failed so far.</summary>
    public int FailedReads { get; private set; }

    /// <summary>What the last of them was to read.</summary>
    public byte Unread { get; private set; }

    /// <summary>An allocation by a process with a <c>fail-nth</c>; whether it fails.</summary>
    internal bool Count(Process process)
    {
        if (--process.FailNth > 0)
            return false;

        Failed++;
        return true;
    }

    /// <summary>An allocation has failed because memory is out.</summary>
    internal void RanOut() => Failed++;

    /// <summary>Asked at each read: a page of shmem is always read (its own error entries are left out).</summary>
    internal bool ShouldFailRead(SwapSlot slot)
    {
        if (!FailsSwapRead || slot.Owner is not null)
            return false;

        FailsSwapRead = false;
        FailedReads++;
        Unread = slot.Value;
        return true;
    }
}
