namespace Rmap.Model;

internal static class Mmap
{
    internal static Outcome Execute(Process process, Operation.Mmap mmap) => throw new NotImplementedException();
}
