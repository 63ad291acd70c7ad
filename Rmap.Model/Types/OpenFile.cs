using Rmap.Model.Files;

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

    /// <summary><c>f_ra</c>.</summary>
    internal ReadAhead ReadAhead => field ??= new ReadAhead();
}
