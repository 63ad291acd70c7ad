namespace Rmap.Properties.Architecture;

/// <summary>A room of the model: a folder, or a file that stands alone at the top.</summary>
/// <param name="Name">Its name: that of the folder or file.</param>
/// <param name="Lines">How many lines of C# it is meant to have at most, in tens.</param>
/// <param name="Holds">What it is for.</param>
internal sealed record Room(string Name, int Lines, string Holds)
{
    /// <summary>The rooms and files that it may look at, where these are not all that lie below it.</summary>
    internal IReadOnlyList<string>? LooksAt { get; init; }

    /// <summary>A number of lines as it is counted for a room, in tens: not every line is worth a word.</summary>
    internal static int Rounded(int lines) => (lines + 5) / 10 * 10;
}

/// <summary>The rooms of the model and what they may look at: this table is the architecture, everything else follows from it.</summary>
internal static class Floors
{
    /// <summary>The rooms from bottom to top. An arrow goes down, or stays in its room.</summary>
    internal static readonly IReadOnlyList<Room> Rooms =
    [
        new("Values", 660, "Numbers, ranges and flags; errno, signals, the answers of a fault"),
        new("Trees", 410, "One red-black tree with an augment hook, the interval tree, the smallest free number"),
        new("Operations", 520, "`Operation`, `Outcome`, and the table of operations: verb, operands, names in JSON, once each"),
        new("Types", 1500, "The kernel's structs, which point at each other: mm, VMA, AV, page, page table, swap, inode, ksm's items"),
        new("Sched", 720, "Tasks of a block: whose turn it is, the locks they hold and wait for; schedules"),
        new("Rules", 1310, "The decisions of Linux and the steps that can be skipped, as of each version"),
        new("Machine", 250, "`Machine`: all state, and the rules it runs under; `TaskStruct`: who runs, and what is under way"),
        new("Rmap", 860, "anon_vma_prepare, clone, fork, unlink; rmap of a page added and removed; `RmapWalk`; mlock's batch"),
        new("Swap", 130, "Swap slots and the swap cache: what is done with them"),
        new("Files", 280, "The page cache, readahead, shmem and its swap"),
        new("Memory", 1100, "Faults, copy on write, swap-in, get_user_pages, zap, truncation"),
        new("Walks", 660, "Who walks the rmap: try_to_unmap, reclaim, migration, page_referenced, advice, swapoff"),
        new("Ksm", 880, "ksmd: the scan, both trees, the merge, zero pages"),
        new("Space", 1490, "mmap, munmap, mprotect, mremap, madvise, mlock, mbind, fork; VMAs merged, split and modified"),
        new("Calls", 570, "Calls beyond one address space: files, System V segments, UFFDIO_MOVE, pins, exec, exit"),
        new("Execution", 160, "The one file that knows all operations and all mechanisms"),
        new("State", 420, "The state told once, by a visitor: each struct says its fields")
        {
            LooksAt = ["Values", "Trees", "Operations", "Types", "Rules", "Machine", "Rmap/RmapWalk.cs"],
        },
        new("Invariants", 1970, "What must hold after every operation, read naively; a sentence, a kernel place and a check each")
        {
            LooksAt = ["Values", "Trees", "Operations", "Types", "Rules", "Machine", "Rmap/RmapWalk.cs"],
        },
        new("Text", 1530, "Scenario text, state text, Mermaid")
        {
            LooksAt =
            [
                "Values", "Trees", "Operations", "Types", "Sched", "Rules", "Machine", "Rmap/RmapWalk.cs", "State", "Invariants",
            ],
        },
    ];

    /// <summary>The room whose files point at each other, as the kernel's structs do.</summary>
    internal const string Structs = "Types";

    /// <summary>The types that another design of the reverse mapping would not have.</summary>
    internal static readonly IReadOnlyList<string> Design = ["AnonVma", "AnonVmaChain"];

    /// <summary>The rooms that know the design.</summary>
    internal static readonly IReadOnlyList<string> KnowTheDesign = ["Types", "Rules", "Rmap", "State", "Invariants", "Text"];

    /// <summary>The file of the model that stands in no room: it imports, and declares nothing.</summary>
    internal const string Imports = "Rmap.Model/GlobalUsings.cs";

    /// <summary>The model has at most so many lines of C#: it is a compact one.</summary>
    internal const int MostLines = 15_500;

    /// <summary>The name of the room that a file of the model stands in.</summary>
    internal static string RoomOf(string path) => Path.GetFileNameWithoutExtension(path.Split('/')[1]);
}
