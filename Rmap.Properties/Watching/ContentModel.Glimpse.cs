namespace Rmap.Properties.Watching;

/// <summary>What page tables already tell about loads that nobody has done.</summary>
public sealed partial class ContentModel
{
    /// <summary>
    /// The first load that would give another value than it must, or null. It looks at private memory only, and at what is mapped or in
    /// swap: the load itself has the last word.
    /// </summary>
    /// <param name="machine">The machine that the model was told of.</param>
    public Operation.Read? FirstWrongLoad(Machine machine)
    {
        foreach (Process process in machine.Processes)
        {
            if (processes.GetValueOrDefault(process.Id.Number) is not { } space)
                continue;

            foreach ((long page, ContentCell cell) in space.Cells)
            {
                if (!cell.IsShared && (cell.Protection & Protection.Read) != 0 && !cell.IsVague
                    && Shown(process.Mm.PageTable[new VirtualPage(page)], cell) is { } value && !cell.Values.Contains(value))
                {
                    return new Operation.Read(process.Id, new VirtualPage(page));
                }
            }
        }

        return null;
    }

    /// <summary>What a load would give; null if that depends on a file, or is a signal.</summary>
    private static byte? Shown(Pte pte, in ContentCell cell) => pte.Kind switch
    {
        PteKind.Present => pte.Page.Value,
        PteKind.ZeroPage => 0,
        PteKind.Swap => pte.Slot.Cache?.Value ?? pte.Slot.Value,
        PteKind.None when cell.Object is null => 0,
        _ => null,
    };
}
