namespace Rmap.Properties.Text;

/// <summary>Machines that have, taken together, all that a state text or a graph can tell of.</summary>
internal static class RichState
{
    internal static readonly string[] Sound =
    [
        """
        P0 mmap 0+8 rw private anon
        P0 write 0 = 1
        P0 write 1 = 2
        P0 write 2 = 3
        P0 fork P1
        P1 write 1 = 4
        P1 fork P2
        P2 write 2 = 5
        P1 clone-vm P3
        P1 exit
        P0 pin 0 G0 get
        P0 pin 2 G1 write
        P0 pin 7 G2
        P0 mlock 1+1
        P0 madvise 3+1 dontfork
        P0 madvise 4+1 wipeonfork
        P0 mbind 5+1 interleave
        P0 mprotect 6+1 rwx
        P0 fail-nth 9
        P2 reclaim 2
        P2 memory-merge on
        """,
        """
        F0 create 4 tmpfs = 7
        F1 create 2 ext4
        S0 shmget 2
        P0 mmap 0+4 rw shared F0
        P0 mmap 8+4 rw private F0@1
        P0 mmap 16+2 rw shared F1
        P0 mmap 24+2 rw shared anon
        P0 mmap 32+2 r shared anon
        P0 shmat S0 40
        P0 shmat S0 48 readonly
        P0 write 0 = 1
        P0 write 8 = 2
        P0 write 16 = 3
        P0 write 24 = 4
        P0 read 32
        P0 reclaim 0
        F1 fsync
        P0 munmap 16+2
        S0 shmrm
        P0 mmap 56+2 rw private anon noreserve
        P0 pin 1 G0
        """,
        """
        option ksm-max-sharing 2
        option ksm-use-zero-pages
        P0 mmap 0+12 rw private anon
        P0 madvise 0+12 mergeable
        P0 write 0 = 5
        P0 write 1 = 5
        P0 write 2 = 5
        P0 write 3 = 5
        P0 write 4 = 6
        P0 write 5 = 6
        P0 write 6 = 7
        P0 write 7 = 0
        ksm scan
        P0 write 8 = 8
        ksm scan 1
        P0 write 9 = 9
        P0 munmap 4+2
        P0 fork P1
        P0 reclaim 0
        P1 madvise 0+1 free
        """,
        """
        P0 mmap 0+2 rw private anon
        P0 madvise 0+2 mergeable
        P0 write 0 = 5
        P0 write 1 = 5
        ksm scan
        ksm run 2
        P0 write 0 = 6
        P0 reclaim 0
        P0 reclaim 1
        swap fail-read
        P0 read 1
        P0 read 0
        """,
        """
        option swap-sync
        P0 mmap 0+3 rw private anon
        P0 write 0 = 1
        P0 write 1 = 2
        P0 fork P1
        P0 clone-vm P2
        P0 mlock 2+1
        P0 memory-merge on
        P0 reclaim 0
        P0 read 0
        P0 reclaim 1
        swap fail-read
        swap off-on
        """,
        """
        P0 mmap 0+4 rw private anon
        P0 write 0 = 1
        P0 fork P1
        P1 write 0 = 2
        P1 fork P2
        P2 madvise 0+4 mergeable
        P2 write 0 = 5
        P2 write 1 = 5
        ksm scan
        P2 pin 0 G0 get
        P1 exit
        P2 exit
        """,
        // All in another order than that in which it is told.
        """
        F1 create 2 tmpfs = 1
        F0 create 2 tmpfs = 2
        P0 mmap 20+2 rw shared anon
        P0 mmap 16+2 rw shared F0
        P0 mmap 12+2 rw shared anon
        P0 mmap 0+2 rw private anon
        P0 mmap 4+2 rwx private anon
        P0 mmap 32+4 rw private anon
        P0 madvise 32+4 mergeable
        P0 write 35 = 9
        P0 write 34 = 9
        P0 write 33 = 8
        P0 write 32 = 8
        P0 write 21 = 1
        P0 write 20 = 2
        P0 write 17 = 3
        P0 write 16 = 4
        P0 write 13 = 5
        P0 write 12 = 6
        P0 write 5 = 9
        P0 write 4 = 8
        P0 write 1 = 7
        P0 write 0 = 6
        ksm scan
        P0 fork P2
        P2 write 1 = 5
        P2 write 0 = 4
        P2 fork P1
        P1 write 1 = 3
        P1 write 0 = 2
        P0 reclaim 21
        P0 reclaim 20
        P0 reclaim 17
        P0 reclaim 5
        P2 reclaim 1
        P2 reclaim 0
        P1 reclaim 1
        P1 reclaim 0
        P1 read 1
        P1 munmap 32+4
        P0 pin 35 G2
        P0 pin 4 G1 write
        P0 pin 0 G0 get
        """,
    ];

    /// <summary>What is no sound state: it is told as well.</summary>
    internal static readonly IReadOnlyList<(string What, Action<Machine> Break)> Broken =
    [
        ("a migration entry, an entry in no VMA", machine =>
        {
            PageTable table = machine.Processes[0].Mm.PageTable;
            table[new(1)] = Pte.Migration(table[new(0)].Page, PteBits.Writable);
            table[new(60)] = table[new(0)];
            table[new(61)] = Pte.Poisoned;
        }),
        ("a page of nobody, one of a freed AV", machine =>
        {
            PageTable table = machine.Processes[0].Mm.PageTable;
            table[new(1)].Page.Mapping = null;
            table[new(0)].Page.Mapping = new AnonVma(9, null, null) { IsFreed = true };
        }),
        ("an AV to which nothing leads", machine => AnonVmas.Prepare(
            new TaskStruct(machine),
            new VmArea(machine.Processes[0].Mm, PageRange.Of(new(20), 1), 20, VmFlags.Read, null))),
        ("a freed parent and a freed root", machine =>
        {
            VmArea vma = machine.Processes[1].Mm.Vmas[0];
            vma.ChainFromTail(0).AnonVma.IsFreed = true;
        }),
        ("a page of the null node", machine => machine.Processes[0].Mm.PageTable[new(0)].Page.Mapping = StableNode.Null),
        ("a file whose name means something in a graph", machine =>
            machine.Execute(new Operation.FileCreate("a\"b#c", 1, null, FileSystem.Tmpfs))),
    ];

    internal static Machine After(string operations)
    {
        Scenario scenario = ScenarioText.Parse(operations);
        var machine = new Machine(new Linux618(), scenario.Options);
        foreach (Step step in scenario.Steps)
            machine.Execute(step.Operation);

        return machine;
    }
}
