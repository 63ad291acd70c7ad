namespace Rmap.Model;

internal static class Mlock
{
    internal static Errno Lock(Mm mm, PageRange range, bool onFault) => throw new NotImplementedException();

    internal static Errno Unlock(Mm mm, PageRange range) => throw new NotImplementedException();
}
