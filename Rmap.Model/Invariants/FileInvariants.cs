using static Rmap.Model.Invariants.Check;

namespace Rmap.Model.Invariants;

/// <summary>What holds of files and segments, their pages and the VMAs that map them.</summary>
internal static class FileInvariants
{
    internal static readonly Invariant PageCache = new(Subject.Files, "page-cache",
        "A page of a file is the one that the file caches at its index.",
        "folio->mapping and folio->index checked after every lookup",
        truth => Each(truth, truth.FilePages,
            (_, in page) => CachedAt((AddressSpace)page.Mapping!, page.Index) == page,
            (_, in page) => new($"{page} says that it is page {page.Index} of {page.Mapping}, where "
                + $"{(object?)CachedAt((AddressSpace)page.Mapping!, page.Index) ?? "nothing"} is cached",
                $"{page} in i_pages"))
        ?? (truth.FilePages.Count == truth.Files.Sum(file => file.Cache.Count) ? null : Uncached(truth)));

    internal static readonly Invariant IMmap = new(Subject.Files, "i-mmap",
        "i_mmap of a file knows exactly the VMAs that map it, under the page offsets that they have now.",
        "vma_link_file(), unlink_file_vma(); truncate relies on it",
        truth => Each(truth, truth.FileVmas,
            (_, in vma) => !vma.File!.Mapping.IsFreed && vma.Shared.Tree == vma.File.Mapping.IMmap,
            (_, in vma) => new(
                $"{vma} maps {vma.File!.Mapping}{(vma.File.Mapping.IsFreed ? ", which has been freed," : "")} and is in "
                + $"{(vma.Shared.Tree is null ? "no i_mmap" : "the i_mmap of another file")}",
                $"in i_mmap of {vma.File.Mapping}"))
        ?? Each(truth, truth.Files,
            (_, in file) => AnonVmaInvariants.WrongKey(file.IMmap, vma => vma, vma => vma.PageOffset, file) is null,
            (_, in file) => AnonVmaInvariants.WrongKey(file.IMmap, vma => vma, vma => vma.PageOffset, file)!)
        ?? (truth.FileVmas.Count == truth.Files.Sum(file => file.IMmap.Count) ? null : Unmapped(truth)));

    internal static readonly Invariant Attached = new(Subject.Files, "attached",
        "A segment, or shared anonymous memory, counts the VMAs that map it.",
        "shm_nattch: the last detach frees what IPC_RMID marked",
        truth => Each(truth, truth.Files,
            (_, in file) => file.Kind is not (FileKind.SysV or FileKind.SharedAnonymous) || file.Attached == file.IMmap.Count,
            (_, in file) => new($"{file} counts {file.Attached} attached VMAs", $"{file.IMmap.Count}, as many as map it")));

    internal static readonly Invariant PrivateReadOnly = new(Subject.Files, "private-read-only",
        "A private VMA maps pages of its file read-only.",
        "vm_page_prot of a private VMA has no write bit",
        truth => Each(truth, truth.File,
            (_, in pte) => !pte.IsWritable || (pte.Vma.Flags & VmFlags.Shared) != 0,
            (_, in pte) => new($"{pte} maps {pte.Page} of {pte.Page.Mapping} writable",
                $"read-only: the VMA {pte.Vma} is private, a store must copy")));

    internal static readonly Invariant ReadOnlyOpening = new(Subject.Files, "read-only-opening",
        "What is mapped shared through a read-only opening cannot be written, now or after mprotect.",
        "do_mmap(): without FMODE_WRITE, VM_MAYWRITE and VM_SHARED go",
        truth => Each(truth, truth.FileVmas,
            (_, in vma) => !vma.File!.IsReadOnly || (vma.Flags & VmFlags.MayShare) == 0 || (vma.Flags & Writing) == 0,
            (_, in vma) => new($"the shared VMA {vma} of a read-only opening of {vma.File!.Mapping} has {vma.Flags & Writing}",
                $"neither VM_WRITE nor VM_MAYWRITE nor VM_SHARED")));

    internal static readonly Invariant InFile = new(Subject.Files, "in-file",
        "No entry of a file's VMA lies beyond the end of the file, be it for a private copy.",
        "truncate_pagecache(): unmap_mapping_range() with even_cows",
        truth => Each(truth, [truth.Anon, truth.Ksm, truth.File, truth.Swapped],
            (_, in pte) => pte.Vma.File is not { } file || pte.Index < file.Mapping.Pages,
            (_, in pte) => new($"{pte}, page {pte.Index} of {pte.Vma.File!.Mapping}, {Describe.Held(pte, "private page")}",
                $"nothing: {pte.Vma.File.Mapping} has {pte.Vma.File.Mapping.Pages} pages")));

    internal static readonly Invariant FileReach = new(Subject.Files, "file-reach",
        "A page of a file is mapped by VMAs of this file only, at the place of its index.",
        "rmap_walk_file(); BUG in filemap_unaccount_folio() if still mapped",
        truth => Each(truth, truth.File,
            (_, in pte) => pte.Vma.File?.Mapping == pte.Page.Mapping && pte.Page.Index == pte.Index,
            (_, in pte) => new(
                $"{pte}, page {pte.Index} of {(object?)pte.Vma.File?.Mapping ?? "no file"}, maps {pte.Page}, "
                + $"page {pte.Page.Index} of {pte.Page.Mapping}",
                $"the VMA's file at the VMA's offset")));

    internal static readonly Invariant CleanFilePage = new(Subject.Files, "clean-file-page",
        "A clean page of a file on a disk has the content that the disk has.",
        "__remove_mapping() drops it without writing",
        truth => Each(truth, truth.FilePages,
            (truth, in page) => page.Mapping is not AddressSpace { Kind: FileKind.Ext4 } file || !truth.IsClean(page)
                || page.Value == OnDisk(file, page),
            (_, in page) => new(
                $"{page}, page {page.Index} of {page.Mapping}, is clean, its content {page.Value}, "
                + $"on the disk {OnDisk((AddressSpace)page.Mapping!, page)}",
                $"equal contents, or a dirty page")));

    private const VmFlags Writing = VmFlags.Shared | VmFlags.MayWrite | VmFlags.Write;

    /// <summary>The first page of <c>i_pages</c> that does not say that it is there.</summary>
    private static Finding? Uncached(Truth truth) => truth.Files.Span.ToArray()
        .SelectMany(file => file.Cache, (file, cached) => (File: file, Index: cached.Key, Page: cached.Value))
        .Where(each => each.Page.IsFreed || each.Page.Mapping != each.File || each.Page.Index != each.Index)
        .Select(each => new Finding($"page {each.Index} of {each.File} in i_pages is {each.Page}, "
            + $"{(each.Page.IsFreed ? "which has been freed" : "which says otherwise")}", $"a page that says that it is there"))
        .FirstOrDefault();

    /// <summary>The first VMA of an <c>i_mmap</c> that is in no address space.</summary>
    private static Finding? Unmapped(Truth truth) => truth.Files.Span.ToArray()
        .SelectMany(file => file.IMmap.InOrder(), (file, vma) => (File: file, Vma: vma))
        .Where(each => !truth.Vmas.Span.ToArray().Contains(each.Vma))
        .Select(each => new Finding($"i_mmap of {each.File} has the VMA {each.Vma}, which is in no address space",
            $"VMAs that map the file"))
        .FirstOrDefault();

    private static Page? CachedAt(AddressSpace file, long index) => file.IsFreed ? null : file.Cache.GetValueOrDefault(index);

    private static byte OnDisk(AddressSpace file, Page page) => file.Disk.GetValueOrDefault(page.Index);
}
