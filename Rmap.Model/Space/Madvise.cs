namespace Rmap.Model;

internal static class Madvise
{
    internal static Errno Execute(Mm mm, PageRange range, Advice advice) => throw new NotImplementedException();
}
