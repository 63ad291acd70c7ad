#pragma warning disable CA1822, IDE0052 // not written yet
namespace Rmap.Model;

/// <summary>ksmd (<c>mm/ksm.c</c>, 6.18).</summary>
public sealed class Ksm
{
    private readonly Machine machine;

    internal Ksm(Machine machine) => this.machine = machine;

    /// <summary>Stable nodes in tree order.</summary>
    public IEnumerable<StableNode> StableTree => [];

    /// <summary>Registered mms in scan order.</summary>
    public IReadOnlyList<KsmMmSlot> Slots => [];

    /// <summary><c>pages_shared</c>.</summary>
    public int PagesShared { get; private set; }

    /// <summary><c>pages_sharing</c>.</summary>
    public int PagesSharing { get; private set; }

    /// <summary><c>pages_unshared</c>.</summary>
    public int PagesUnshared { get; private set; }

    /// <summary><c>pages_volatile</c>.</summary>
    public int PagesVolatile { get; private set; }

    /// <summary><c>__ksm_enter</c>.</summary>
    internal void Enter(Mm mm) => throw new NotImplementedException();

    /// <summary><c>ksm_fork</c>.</summary>
    internal void Fork(Mm parent, Mm child) => throw new NotImplementedException();

    /// <summary><c>ksm_exit</c>.</summary>
    internal void Exit(Mm mm) => throw new NotImplementedException();

    /// <summary>Whole passes.</summary>
    internal long Scan(int passes) => throw new NotImplementedException();

    /// <summary><c>unmerge_ksm_pages</c>, <c>break_ksm</c>.</summary>
    internal void Unmerge(VmArea vma, PageRange range) => throw new NotImplementedException();

    /// <summary><c>ksm_might_need_to_copy</c>.</summary>
    internal Page MightNeedToCopy(Page page, VmArea vma, VirtualPage address) => throw new NotImplementedException();

    /// <summary><c>folio_migrate_ksm</c>.</summary>
    internal void Migrated(Page from, Page to) => throw new NotImplementedException();
}
