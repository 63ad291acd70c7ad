namespace Rmap.Model.Types;

/// <summary>A process, as a scenario names it: its number, an mm, open files. What it executes is told by <c>current</c>.</summary>
public sealed class Process
{
    private readonly SortedList<string, OpenFile> openFiles;

    internal Process(ProcessId id, Mm mm, Process? parent = null)
    {
        Id = id;
        Mm = mm;
        openFiles = parent is null ? new(StringComparer.Ordinal) : new(parent.openFiles, StringComparer.Ordinal);
    }

    /// <summary>Its number.</summary>
    public ProcessId Id { get; }

    /// <summary>Its address space, shared after <c>clone(CLONE_VM)</c>.</summary>
    public Mm Mm { get; internal set; }

    /// <summary><c>fail_nth</c>: which of its next allocations fails; 0 for none. A child begins without.</summary>
    public int FailNth { get; internal set; }

    /// <summary>The openings that this process has, by the names of the files, of which none ever goes.</summary>
    internal IList<OpenFile> Openings => openFiles.Values;

    /// <summary>The opening of a file that this process uses: made at first use, inherited by its children.</summary>
    internal OpenFile Open(AddressSpace file)
    {
        if (!openFiles.TryGetValue(file.Name, out OpenFile? opened))
        {
            opened = new OpenFile(file);
            openFiles.Add(file.Name, opened);
        }

        return opened;
    }
}
