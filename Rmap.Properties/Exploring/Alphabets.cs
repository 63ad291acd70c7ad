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
        new("family", 4, """
            P* mmap 0+1 rw private anon
            P* write 0 = 0
            P* reclaim 0
            P* fork P*
            P* exit
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
            P* pin 0 G0 write|get|longterm
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
            S0 shmget 1|2
            P* mmap 0+1|1+1 rw shared anon
            P* shmat S0 0
            P* shmat S0 0|1 readonly
            P* write 0 = 0|1
            P* read 0
            P* fork P*
            P* exit
            P* shmdt 0
            P* munmap 0+1
            P* mprotect 0+1 r|rw
            P* madvise 0+1 remove|dontneed
            P* mremap 0+1 -> 1+1
            P* reclaim 0
            P* migrate 0
            S0 shmrm
            swap off-on
            """),
        new("vma", 2, """
            P* mmap 0+2|1+1|2+1 rw private anon
            P* write 0|1|2 = 0
            P* fork P*
            P* clone-vm P*
            P* exec
            P* exit
            P* mbind 0+1|1+1 bind|default
            P* madvise 0+1 dontfork|dofork|wipeonfork|keeponfork
            P* memory-merge on
            P* mremap 0+1|0+2 -> +3
            P* mremap 1+1 -> 0+1|2+1
            P* uffd-move 2+1 -> 0
            """),
        new("lock", 2, """
            P* mmap 0+1|0+2 rw private anon
            P* mmap 0+1 rw shared anon
            P* write 0|1 = 0
            P* mlock 0+1|0+2
            P* mlock 0+1 onfault
            P* munlock 0+1
            P* munmap 0+1
            P* fork P*
            P* mremap 0+1 -> 2+1
            P* mremap 0+1 -> 2+1 maymove fixed dontunmap
            P* mprotect 0+1 r
            P* madvise 0+1 pageout|cold|dontneed
            P* reclaim 0
            P* migrate 0
            P* referenced 0
            """),
        new("fail", 2, """
            P* mmap 0+1|1+1|2+1|0+2 rw private anon
            P* write 0|2 = 0
            P* fail-nth 1|2|3|4|5|6|7|8
            P* fork P*
            P* munmap 0+1
            P* mprotect 0+1 r|rw
            P* mlock 0+1
            P* mremap 0+1 -> 2+1
            P* madvise 0+1 mergeable
            """),
        new("merged", 2, """
            option ksm-max-sharing 2
            P* mmap 0+2|0+3|0+4 rw private anon
            P* madvise 0+4 populate-write|unmergeable
            P* madvise 0+2|0+4 mergeable
            P* memory-merge on
            ksm scan 1|2
            ksm run 0|2
            P* read 0
            P* write 0|1 = 2|3
            P* fork P*
            P* exit
            P* munmap 0+1|1+1
            P* mremap 1+1|2+1 -> 3+1|4+1
            P* reclaim 0|1
            P* migrate 0
            """),
        new("zero", 2, """
            option ksm-use-zero-pages
            P* mmap 0+1|0+2 rw private anon
            P* write 0 = 0|1
            P* read 0
            P* madvise 0+2 mergeable|unmergeable|populate-write|dontneed
            P* memory-merge on
            ksm scan 1|2
            ksm run 2
            P* fork P*
            P* exit
            P* mremap 0+1 -> 2+1
            P* mprotect 0+1 r
            P* reclaim 0
            """),
        new("device", 2, """
            option swap-sync
            P* mmap 0+1 rw private anon
            P* write 0 = 0|1
            P* read 0
            P* fork P*
            P* exit
            P* reclaim 0
            P* migrate 0
            P* pin 0 G0 get|write
            G0 read
            G0 write = 1
            P* madvise 0+1 free|populate-write
            swap fail-read
            swap off-on
            """),
        new("copy", 2, """
            F0 create 1 tmpfs|ext4
            P* mmap 0+1|0+2 rw private F0
            P* mmap 0+1 rw shared F0
            P* write 0|1 = 0|1
            P* read 0
            P* fork P*
            P* exit
            P* pin 0 G0
            P* pin 0 G0 write|get|longterm
            G0 read
            G0 write = 1
            P* reclaim 0
            P* migrate 0
            F0 truncate 0
            F0 punch 0+1
            """),
        new("window", 1, """
            option fault-around 16
            option pgoff-limit 8
            F0 create 2|4 tmpfs|ext4
            P* mmap 0+1|0+2|1+2 rw private|shared F0|F0@1|F0@6
            P* mmap 0+2|1+2 rw shared anon
            P* read 0|1|2
            P* write 0|1 = 1
            P* mremap 0+1 -> +2|+4
            P* mremap 0+1 -> 4+1
            P* reclaim 0
            P* munmap 0+1|1+1
            F0 truncate 0|1
            """),
        new("forbid", 2, """
            P* mmap 0+1|1+1|0+2 rw private anon
            P* mmap 0+1 r private anon
            P* write 0 = 0|1
            P* read 0
            P* fork P*
            P* munmap 0+1
            P* mseal 0+1
            P* mdwe
            P* rlimit-memlock 1
            P* mlock 0+1|0+2
            P* mlockall current|future
            P* mprotect 0+1 r|rx
            P* pkey-mprotect 0+1 rw 1
            P* madvise 0+1 dontneed|free|dontdump|cold
            """),
    ];
}
