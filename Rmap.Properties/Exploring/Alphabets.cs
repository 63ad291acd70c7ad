namespace Rmap.Properties.Exploring;

/// <summary>
/// The alphabets, one for each area: few kinds of operations, few pages, processes and values, so that all combinations can be tried.
/// They are about areas, not about defects: each defect is looked for with all of them. <c>P*</c> is each process.
/// </summary>
public static class Alphabets
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Alphabet> All { get; } =
    [
        new("fork", 4, """
            P* mmap 0+1 rw private anon
            P* write 0 = 0|1
            P* read 0
            P* fork P*
            P* exit
            P* munmap 0+1
            """),
        new("merge", 2, """
            P* mmap 0+1|1+1|2+1|0+2|1+2|0+3 rw private anon
            P* mmap 0+1 r private anon
            P* write 0|1|2 = 0
            P* fork P*
            P* exit
            P* munmap 0+1|1+1
            P* mprotect 0+1|1+1 r|rw
            P* mlock 0+1
            P* munlock 0+1
            P* uffd-move 0+1 -> 1
            P* uffd-move 1+1 -> 0
            """),
        new("mremap", 2, """
            P* mmap 0+1|1+1|0+2|1+2|0+3 rw private anon
            P* write 0|1 = 0
            P* fork P*
            P* mremap 0+1 -> 1+1|2+1|3+1
            P* mremap 1+1 -> 0+1|2+1|3+1
            P* mremap 2+1|3+1 -> 0+1|1+1
            P* mremap 0+2 -> 2+2
            P* mremap 0+1 -> 1+1 maymove fixed dontunmap
            P* mremap 0+2 -> 2+2 maymove fixed dontunmap
            """),
        new("ksm", 2, """
            P* mmap 0+1|0+2|0+3 rw private anon
            P* write 0|1 = 0|1
            P* read 0
            P* madvise 0+2 mergeable|unmergeable|populate-write
            P* madvise 0+1 mergeable|free
            P* memory-merge on|off
            ksm scan 1|2
            P* fork P*
            P* exit
            P* mremap 1+1 -> 0+1|2+1
            P* munmap 0+1
            P* reclaim 0|1
            P* migrate 0
            """),
        new("swap", 3, """
            P* mmap 0+1 rw private anon
            P* write 0 = 0|1
            P* read 0
            P* fork P*
            P* exit
            P* reclaim 0
            P* migrate 0
            P* referenced 0
            P* madvise 0+1 pageout|free|dontneed
            P* mlock 0+1
            P* munlock 0+1
            P* mprotect 0+1 r|rw
            swap off-on
            """),
        new("pin", 2, """
            P* mmap 0+1|0+2 rw private anon
            P* write 0 = 0|1
            P* read 0
            P* fork P*
            P* exit
            P* munmap 0+1
            P* pin 0 G0
            P* pin 0 G0 write|get
            G0 read
            G0 write = 1
            G0 unpin
            P* madvise 0+2 mergeable|populate-write
            ksm scan 2
            P* reclaim 0
            P* migrate 0
            """),
        new("file", 2, """
            F0 create 1|2 tmpfs|ext4
            F0 create 1 tmpfs|ext4 = 1
            P* mmap 0+1 rw|r private|shared F0|F0@1
            P* mmap 0+2 rw private|shared F0
            P* write 0 = 0|1
            P* read 0
            P* fork P*
            P* munmap 0+1
            P* mremap 0+1 -> 1+1
            P* reclaim 0
            P* migrate 0
            P* madvise 0+1 remove
            F0 truncate 0|1
            F0 punch 0+1
            F0 write 0 = 1
            F0 fsync
            swap off-on
            """),
        new("shm", 2, """
            S0 shmget 1
            P* mmap 0+1|1+1 rw shared anon
            P* shmat S0 0
            P* shmat S0 0|1 readonly
            P* write 0 = 0|1
            P* read 0
            P* fork P*
            P* exit
            P* shmdt 0
            P* mprotect 0+1 r|rw
            P* madvise 0+1 remove|dontneed
            P* mremap 0+1 -> 1+1
            P* reclaim 0
            P* migrate 0
            S0 shmrm
            swap off-on
            """),
    ];
}
