namespace Rmap.Model;

internal static class Access
{
    internal static Outcome Read(Mm mm, VirtualPage page) => throw new NotImplementedException();

    internal static Outcome Write(Mm mm, VirtualPage page, byte value) => throw new NotImplementedException();
}
