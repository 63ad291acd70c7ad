namespace Rmap.Model;

internal static class Migration
{
    internal static Outcome Execute(Mm mm, VirtualPage page) => throw new NotImplementedException();
}
