namespace Rmap.Model;

internal static class Mremap
{
    internal static Outcome Execute(Mm mm, Operation.Mremap mremap) => throw new NotImplementedException();
}
