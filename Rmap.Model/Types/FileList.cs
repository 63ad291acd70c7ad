namespace Rmap.Model.Types;

/// <summary>
/// The files, segments and shared anonymous objects of a machine. A file stays for good; a segment goes when it is removed and detached,
/// shared anonymous memory with its last VMA.
/// </summary>
public sealed class FileList
{
    private readonly List<AddressSpace> all = [];
    private int sharedAnonymousObjects;

    /// <summary>All files, segments and shared anonymous objects, in order of creation.</summary>
    public IReadOnlyList<AddressSpace> All => all;

    /// <summary>The file of this name, or null. Segments are found by <see cref="FindSegment"/>.</summary>
    public AddressSpace? Find(string name) => all.Find(file => file.Kind is FileKind.Tmpfs or FileKind.Ext4 && file.Name == name);

    /// <summary>The segment of this name, or null.</summary>
    public AddressSpace? FindSegment(string name) => all.Find(file => file.Kind == FileKind.SysV && file.Name == name);

    internal bool IsTaken(string name) => all.Exists(file => file.Name == name);

    internal AddressSpace Add(string name, FileKind kind, long pages)
    {
        var file = new AddressSpace(name, kind, pages);
        all.Add(file);
        return file;
    }

    /// <summary>The object behind a <c>MAP_SHARED | MAP_ANONYMOUS</c> mapping of this length.</summary>
    internal AddressSpace AddSharedAnonymous(long pages)
    {
        string name;
        do
        {
            name = "shmem" + (++sharedAnonymousObjects).ToString(CultureInfo.InvariantCulture);
        }
        while (IsTaken(name));

        return Add(name, FileKind.SharedAnonymous, pages);
    }

    internal void Remove(AddressSpace file)
    {
        all.Remove(file);
        file.IsFreed = true;
    }
}
