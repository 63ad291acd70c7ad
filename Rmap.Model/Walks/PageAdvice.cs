namespace Rmap.Model;

/// <summary>The advice of madvise that acts on pages: MADV_FREE, MADV_COLD, MADV_PAGEOUT.</summary>
internal static class PageAdvice
{
    internal static Errno Free(VmArea vma, PageRange range) => throw new NotImplementedException();

    internal static Errno Cold(VmArea vma, PageRange range) => throw new NotImplementedException();

    internal static Errno PageOut(VmArea vma, PageRange range) => throw new NotImplementedException();
}
