namespace Rmap.Model;

internal static class UffdMove
{
    internal static Outcome Execute(Mm mm, Operation.UffdMove move) => throw new NotImplementedException();
}
