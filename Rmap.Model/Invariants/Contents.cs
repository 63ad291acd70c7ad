namespace Rmap.Model.Invariants;

/// <summary>A page that may be dropped without being written has its content elsewhere.</summary>
internal static class Contents
{
    internal static Finding? CleanSwapCacheEqualsItsSlot(Truth truth)
    {
        foreach (Page page in truth.Pages)
        {
            // What could not be read has no content: dropping it loses nothing.
            if (page.SwapCache is { } slot && IsClean(truth, page) && slot.Value != page.Value && !page.Has(PageFlags.NotUptodate))
            {
                return new($"{page} is clean, its content {page.Value}, that of {slot} {slot.Value}", $"equal contents, or a dirty page");
            }
        }

        return null;
    }

    internal static Finding? CleanFilePagesEqualTheDisk(Truth truth)
    {
        foreach (Page page in truth.Pages)
        {
            if (page.Mapping is AddressSpace { Kind: FileKind.Ext4 } file && IsClean(truth, page))
            {
                byte onDisk = file.Disk.GetValueOrDefault(page.Index);
                if (page.Value != onDisk)
                {
                    return new($"{page}, page {page.Index} of {file}, is clean, its content {page.Value}, on the disk {onDisk}",
                        $"equal contents, or a dirty page");
                }
            }
        }

        return null;
    }

    private static bool IsClean(Truth truth, Page page) => (page.Flags & PageFlags.Dirty) == 0 && !truth.Of(page).IsDirty;
}
