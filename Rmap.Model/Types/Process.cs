namespace Rmap.Model.Types;

/// <summary>A process, as a scenario names it: its number, an mm, open files. What it executes is told by <c>current</c>.</summary>
public sealed class Process
{
    /// <summary>Most processes have none, and every fork makes one.</summary>
    private static readonly SortedList<string, OpenFile> None = [];

    internal Process(ProcessId id, Mm mm, Process? parent = null)
    {
        Id = id;
        Mm = mm;
        MemlockLimit = parent?.MemlockLimit ?? long.MaxValue;
        OpenFiles = parent is { OpenFiles.Count: > 0 } ? new(parent.OpenFiles, StringComparer.Ordinal) : None;
    }

    /// <summary>Its number.</summary>
    public ProcessId Id { get; }

    /// <summary>Its address space, shared after <c>clone(CLONE_VM)</c>.</summary>
    public Mm Mm { get; internal set; }

    /// <summary><c>fail_nth</c>: which of its next allocations fails; 0 for none. A child begins without.</summary>
    public int FailNth { get; internal set; }

    /// <summary>RLIMIT_MEMLOCK, in pages. Whoever has set none may lock all (CAP_IPC_LOCK). Inherited.</summary>
    public long MemlockLimit { get; internal set; }

    /// <summary>The openings that this process has, by the names of the files, of which none ever goes.</summary>
    internal SortedList<string, OpenFile> OpenFiles { get; private set; }

    /// <summary>The opening of a file that this process uses: made at first use, inherited by its children.</summary>
    internal OpenFile Open(AddressSpace file)
    {
        if (!OpenFiles.TryGetValue(file.Name, out OpenFile? opened))
        {
            opened = new OpenFile(file);
            OpenFiles = OpenFiles == None ? new(StringComparer.Ordinal) : OpenFiles;
            OpenFiles.Add(file.Name, opened);
        }

        return opened;
    }
}
