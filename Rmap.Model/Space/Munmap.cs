namespace Rmap.Model;

internal static class Munmap
{
    internal static Errno Execute(Mm mm, PageRange range) => throw new NotImplementedException();
}
