using System.Globalization;

namespace Rmap.Regressions.Host;

/// <summary>
/// What of a state can be seen from outside a kernel, a line each: the VMAs of every process in order, then what its page table holds.
/// Pages are named in order of first appearance, for frame numbers are recycled at once.
/// </summary>
internal sealed class HostView
{
    private readonly List<string> lines = [];
    private readonly Dictionary<object, string> names = [];

    /// <summary>The lines.</summary>
    internal IReadOnlyList<string> Lines => lines;

    /// <summary>What the model has.</summary>
    internal static HostView Of(Machine machine)
    {
        var view = new HostView();
        foreach (Process process in machine.Processes)
        {
            foreach (VmArea vma in process.Mm.Vmas)
                view.AddVma(process.Id, vma.Range, Letters(vma), Backing(vma));

            foreach ((VirtualPage page, Pte pte) in process.Mm.PageTable.Entries())
            {
                view.AddEntry(process.Id, page, pte);
            }
        }

        return view;
    }

    /// <summary>A VMA, as a line of <c>/proc/PID/maps</c> tells it.</summary>
    /// <param name="process">Whose.</param>
    /// <param name="range">Its pages.</param>
    /// <param name="letters">Such as <c>rw-p</c>.</param>
    /// <param name="backing">What it maps, and from which page on.</param>
    internal void AddVma(ProcessId process, PageRange range, string letters, string backing) =>
        lines.Add($"{process} vma {range} {letters} {backing}");

    /// <summary>The zero page.</summary>
    internal void AddZeroPage(ProcessId process, VirtualPage page) => lines.Add($"{process} page {page} zero");

    /// <summary>A swap entry.</summary>
    internal void AddSwap(ProcessId process, VirtualPage page) => lines.Add($"{process} page {page} swap");

    /// <summary>A page that is mapped.</summary>
    /// <param name="process">Where.</param>
    /// <param name="page">Where.</param>
    /// <param name="frame">Which; equal for the same page only.</param>
    /// <param name="mapCount">How many entries map it.</param>
    /// <param name="isAnon">PG_anon: it belongs to an AV or to KSM.</param>
    /// <param name="isKsm">It belongs to KSM.</param>
    /// <param name="isExclusive">AnonExclusive.</param>
    /// <param name="isUnevictable">It is mlocked.</param>
    internal void AddPage(
        ProcessId process, VirtualPage page, object frame, long mapCount, bool isAnon, bool isKsm, bool isExclusive, bool isUnevictable)
    {
        if (!names.TryGetValue(frame, out string? name))
            names.Add(frame, name = string.Create(CultureInfo.InvariantCulture, $"f{names.Count + 1}"));

        string kind = isKsm ? "ksm" : isAnon ? "anon" : "file";
        string flags = (isExclusive ? " exclusive" : "") + (isUnevictable ? " unevictable" : "");
        lines.Add($"{process} page {page} {name} {kind} mapcount {mapCount}{flags}");
    }

    private void AddEntry(ProcessId process, VirtualPage page, Pte pte)
    {
        switch (pte.Kind)
        {
            case PteKind.Present:
                Page mapped = pte.Page;
                AddPage(
                    process, page, mapped, mapped.MapCount, mapped.IsAnon, mapped.IsKsm, mapped.IsAnonExclusive,
                    mapped.Has(PageFlags.Unevictable));
                break;
            case PteKind.ZeroPage:
                AddZeroPage(process, page);
                break;
            default:
                AddSwap(process, page);
                break;
        }
    }

    private static string Letters(VmArea vma) =>
        (vma.Has(VmFlags.Read) ? "r" : "-") + (vma.Has(VmFlags.Write) ? "w" : "-") + (vma.Has(VmFlags.Exec) ? "x" : "-")
        + (vma.Has(VmFlags.MayShare) ? "s" : "p");

    private static string Backing(VmArea vma) => vma.File is null ? "anon" : vma.File.Mapping.Kind switch
    {
        FileKind.SharedAnonymous => $"shmem@{vma.PageOffset}",
        FileKind.SysV => $"segment@{vma.PageOffset}",
        _ => $"{vma.File.Mapping.Name}@{vma.PageOffset}",
    };
}
