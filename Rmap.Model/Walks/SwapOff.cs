namespace Rmap.Model;

internal static class SwapOff
{
    internal static Errno Execute(Machine machine) => throw new NotImplementedException();
}
