namespace Rmap.Model;

internal static class PageReferenced
{
    internal static Outcome Execute(Mm mm, VirtualPage page) => throw new NotImplementedException();
}
