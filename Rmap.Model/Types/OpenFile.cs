namespace Rmap.Model.Types;

/// <summary>
/// <c>struct file</c>: one opening of a file. Two openings of one file never let VMAs merge. A process opens each file once;
/// its children inherit the descriptor. Every shmat and every shared anonymous mapping has an opening of its own.
/// </summary>
/// <param name="mapping">The file.</param>
/// <param name="isReadOnly">Opened without FMODE_WRITE.</param>
public sealed class OpenFile(AddressSpace mapping, bool isReadOnly = false)
{
    /// <summary>The file (<c>f_mapping</c>).</summary>
    public AddressSpace Mapping { get; } = mapping;

    /// <summary>Opened without FMODE_WRITE: a shared mapping may not be written, now or later. Only read-only attachments here.</summary>
    public bool IsReadOnly { get; } = isReadOnly;

    /// <summary><c>vm_ops->close</c> exists: a merge may not remove such a VMA. Only SysV attachments have it here.</summary>
    public bool HasClose => Mapping.Kind == FileKind.SysV;

    /// <summary><c>vm_ops->map_pages</c> exists: reads fault around. All but SysV attachments have it.</summary>
    public bool HasMapPages => Mapping.Kind != FileKind.SysV;

    /// <summary><c>vm_ops->page_mkwrite</c> exists: the file system is told before a shared page becomes writable. Only ext4.</summary>
    public bool HasPageMkwrite => Mapping.Kind == FileKind.Ext4;

    /// <summary><c>f_ra</c>: what it remembers of reading ahead of faults.</summary>
    internal ReadAheadWindow ReadAhead { get; set; }
}

/// <summary><c>struct file_ra_state</c>.</summary>
/// <param name="Start">The first page of the window that was read last.</param>
/// <param name="Size">Its length in pages.</param>
/// <param name="AsyncSize">The pages at its end of which the first is marked: whoever meets it reads on.</param>
internal readonly record struct ReadAheadWindow(long Start, long Size, long AsyncSize);
