namespace Rmap.Model;

internal static class Reclaim
{
    internal static Outcome Execute(Mm mm, VirtualPage page) => throw new NotImplementedException();
}
