namespace Rmap.Model.Types;

/// <summary>A process, as a scenario names it: its number, an mm, open files. What it executes is told by <c>current</c>.</summary>
public sealed class Process
{
    private readonly Dictionary<AddressSpace, OpenFile> openFiles;

    internal Process(ProcessId id, Mm mm, Process? parent = null)
    {
        Id = id;
        Mm = mm;
        openFiles = parent is null ? [] : new(parent.openFiles);
    }

    /// <summary>Its number.</summary>
    public ProcessId Id { get; }

    /// <summary>Its address space, shared after <c>clone(CLONE_VM)</c>.</summary>
    public Mm Mm { get; internal set; }

    /// <summary><c>fail_nth</c>: which of its next allocations fails; 0 for none. A child begins without.</summary>
    public int FailNth { get; internal set; }

    /// <summary>The opening of a file that this process has, or null.</summary>
    internal OpenFile? Opened(AddressSpace file) => openFiles.GetValueOrDefault(file);

    /// <summary>The opening of a file that this process uses: made at first use, inherited by its children.</summary>
    internal OpenFile Open(AddressSpace file)
    {
        if (!openFiles.TryGetValue(file, out OpenFile? opened))
        {
            opened = new OpenFile(file);
            openFiles.Add(file, opened);
        }

        return opened;
    }
}
