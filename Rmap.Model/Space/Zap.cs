namespace Rmap.Model;

internal static class Zap
{
    /// <summary><c>zap_page_range_single</c>.</summary>
    internal static void Range(VmArea vma, PageRange range, bool evenCows) => throw new NotImplementedException();
}
