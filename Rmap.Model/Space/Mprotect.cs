namespace Rmap.Model;

internal static class Mprotect
{
    internal static Errno Execute(Mm mm, PageRange range, Protection protection) => throw new NotImplementedException();
}
