#pragma warning disable CA1822, IDE0052 // not written yet
namespace Rmap.Model;

/// <summary>The files.</summary>
public sealed class FileTable
{
    private readonly Machine machine;

    internal FileTable(Machine machine) => this.machine = machine;

    /// <summary>All files, segments and shared anonymous objects, in order of creation.</summary>
    public IReadOnlyList<AddressSpace> All => [];

    /// <summary>The file or segment of this name, or null.</summary>
    public AddressSpace? Find(string name) => throw new NotImplementedException();

    /// <summary><c>shmem_zero_setup</c>.</summary>
    internal OpenFile CreateSharedAnonymous(long pages) => throw new NotImplementedException();

    /// <summary><c>vm_ops->open</c> and the file reference.</summary>
    internal void Opened(VmArea vma) => throw new NotImplementedException();

    /// <summary><c>vm_ops->close</c>, <c>fput</c>.</summary>
    internal void Closed(VmArea vma) => throw new NotImplementedException();

    internal Outcome Create(Operation.FileCreate create) => throw new NotImplementedException();

    internal Outcome Truncate(Operation.Truncate truncate) => throw new NotImplementedException();

    internal Outcome Punch(Operation.Punch punch) => throw new NotImplementedException();

    internal Errno PunchRange(AddressSpace file, long index, long pages) => throw new NotImplementedException();

    internal Outcome Write(Operation.FileWrite write) => throw new NotImplementedException();

    internal Outcome Fsync(Operation.Fsync fsync) => throw new NotImplementedException();

    internal Errno Msync(Mm mm, PageRange range) => throw new NotImplementedException();

    internal Outcome Shmget(Operation.Shmget shmget) => throw new NotImplementedException();

    internal Outcome Shmrm(Operation.Shmrm shmrm) => throw new NotImplementedException();

    internal Outcome Shmat(Process process, Operation.Shmat shmat) => throw new NotImplementedException();

    internal Errno Shmdt(Mm mm, VirtualPage page) => throw new NotImplementedException();
}
