namespace Rmap.Model;

internal static class FileFault
{
    internal static Signal Read(VmArea vma, VirtualPage address) => throw new NotImplementedException();

    internal static Signal CopyOnWrite(VmArea vma, VirtualPage address) => throw new NotImplementedException();

    internal static Signal SharedWrite(VmArea vma, VirtualPage address) => throw new NotImplementedException();

    internal static Signal WpShared(VmArea vma, VirtualPage address) => throw new NotImplementedException();
}
