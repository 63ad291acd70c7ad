namespace Rmap.Properties.Checking;

/// <summary>Scenarios after which <see cref="ContentKnowledgeTests"/> looks at what is known; an empty line ends each.</summary>
internal static class ContentScenarios
{
    internal const string Objects = """
        F0 create 3 tmpfs = 7
        F1 create 2 ext4
        F0 write 1 = 3
        P0 mmap 0+3 rw shared F0
        P0 mmap 8+2 r private F0@1
        P0 mmap 16+2 rw private F1
        P0 write 0 = 4
        P0 write 16 = 5

        F0 create 2 tmpfs = 7
        F0 write 4 = 1
        P0 mmap 0+6 r shared F0

        F0 create 4 tmpfs = 7
        F1 create 4 tmpfs = 8
        P0 mmap 0+4 rw private F0
        P0 mmap 8+4 rw shared F0
        P0 mmap 16+4 rw private F1
        P0 write 1 = 1
        P0 write 2 = 2
        P0 write 3 = 3
        P0 write 9 = 4
        P0 write 10 = 5
        P0 write 18 = 6
        F0 truncate 2

        F0 create 4 tmpfs = 7
        P0 mmap 0+6 rw private F0
        P0 write 3 = 3
        F0 write 3 = 6
        F0 truncate 2
        F0 truncate 5

        F0 create 5 tmpfs = 7
        P0 mmap 0+5 rw private F0
        P0 mmap 8+5 r shared F0
        P0 write 1 = 1
        P0 write 2 = 2
        P0 write 3 = 3
        F0 write 0 = 4
        F0 write 1 = 5
        F0 write 3 = 6
        F0 punch 1+2

        F0 create 2 tmpfs = 7
        F0 truncate 6
        F0 write 4 = 1
        P0 mmap 0+6 r shared F0
        F0 punch 1+4

        option ksm-use-zero-pages
        F0 create 5 tmpfs = 7
        F1 create 5 tmpfs = 8
        P0 mmap 0+5 rw private F0
        P0 mmap 8+5 rw private F1
        P0 mmap 16+5 rw shared F0
        P0 madvise 0+16 mergeable
        P0 write 0 = 0
        P0 write 1 = 0
        P0 write 2 = 1
        P0 write 3 = 0
        P0 write 9 = 0
        P0 write 17 = 0
        ksm scan 2
        P0 write 4 = 0
        F0 punch 1+3

        option ksm-use-zero-pages
        F0 create 5 tmpfs = 7
        P0 mmap 0+5 rw private F0
        P0 mmap 8+5 rw shared F0
        P0 madvise 0+5 mergeable
        P0 write 1 = 0
        P0 write 2 = 0
        P0 write 4 = 0
        ksm scan 2
        P0 madvise 10+1 remove

        S0 shmget 2
        P0 shmat S0 0
        P0 shmat S0 2
        P0 shmat S0 4 readonly
        P0 write 1 = 5
        P0 shmdt 2

        S0 shmget 2
        P0 shmat S0 0
        P0 mremap 0+1 -> 8+1
        P0 shmdt 0

        S0 shmget 2
        P0 shmat S0 0
        P0 mremap 1+1 -> 8+1
        P0 shmdt 7

        S0 shmget 1
        P0 shmat S0 8
        P0 mremap 8+1 -> +2
        P0 shmdt 8

        S0 shmget 3
        P0 mmap 8+1 rw private anon
        P0 shmat S0 9
        P0 munmap 10+1
        P0 shmdt 9

        option max-map-count 2
        S0 shmget 3
        P0 shmat S0 0
        P0 mmap 8+1 rw private anon
        P0 shmdt 0

        S0 shmget 3
        P0 shmat S0 0
        P0 fail-nth 1
        P0 shmdt 0

        F0 create 5 tmpfs = 7
        P0 mmap 0+5 rw shared F0
        P0 pin 0 G0
        P0 pin 1 G1
        P0 pin 2 G2
        P0 pin 3 G3
        F0 punch 1+2
        F0 write 0 = 1
        F0 write 1 = 2
        F0 write 2 = 3
        F0 write 3 = 4

        F0 create 5 tmpfs = 7
        P0 mmap 0+5 rw shared F0
        F0 write 2 = 5
        P0 pin 1 G1
        P0 pin 2 G2
        F0 truncate 2
        F0 write 1 = 3
        F0 write 2 = 4

        F0 create 4 tmpfs = 7
        P0 mmap 0+3 rw shared F0
        P0 mmap 3+1 rw private F0@3
        P0 mmap 8+4 rw shared F0
        P0 pin 8 G0
        P0 pin 9 G1
        P0 pin 10 G2
        P0 pin 11 G3
        P0 madvise 1+3 remove
        """;

    internal const string Processes = """
        P0 mmap 0+4 rw private anon
        P0 mmap 8+1 rw shared anon
        P0 write 0 = 1
        P0 write 1 = 2
        P0 write 2 = 3
        P0 write 8 = 4
        P0 madvise 1+1 dontfork
        P0 madvise 2+1 wipeonfork
        P0 fork P1
        P1 write 0 = 5
        P1 fork P2

        P0 mmap 0+4 rw private anon
        P0 write 0 = 1
        P0 madvise 0+4 dontfork
        P0 madvise 0+1 dofork
        P0 madvise 2+2 wipeonfork
        P0 madvise 3+1 keeponfork
        P0 madvise 2+2 dofork
        P0 fork P1

        P0 mmap 0+2 rw private anon
        P0 write 0 = 1
        P0 clone-vm P1
        P1 write 1 = 2
        P0 fork P2
        P0 exec
        P2 exit

        F0 create 2 tmpfs
        P0 mmap 0+1 rw private anon
        P0 mmap 1+1 rw private F0
        P0 mmap 2+1 rw private anon
        P0 madvise 0+3 wipeonfork
        P0 fork P1

        P0 mmap 0+4 rw private anon
        P0 write 0 = 1
        P0 pin 0 G0
        P0 pin 0 G1 get
        P0 fork P1
        P0 write 0 = 2

        P0 mmap 0+4 rw private anon
        P0 write 0 = 1
        P0 pin 0 G1 get
        P0 fail-nth 3
        P0 fork P1

        option max-map-count 1
        P0 mmap 0+4 rw private anon
        P0 madvise 1+2 dontfork
        P0 fork P1

        P0 mmap 0+2 rw private anon
        P0 write 0 = 1
        P0 fail-nth 1
        P0 madvise 0+1 dofork
        P0 madvise 0+1 wipeonfork
        P0 write 1 = 2
        P0 fork P1

        P0 mmap 0+4 rw private anon
        P0 write 0 = 1
        P0 fail-nth 2
        P0 mmap 1+1 r private anon
        """;

    internal const string Ranges = """
        P0 mmap 0+4 rw private anon
        P0 write 1 = 1
        P0 munmap 1+2

        P0 mmap 0+2 rw private anon
        P0 mmap 3+1 rw private anon
        P0 mprotect 0+4 r

        option max-map-count 1
        P0 mmap 0+4 rw private anon
        P0 mprotect 1+1 r

        S0 shmget 2
        P0 mmap 0+2 r private anon
        P0 shmat S0 2 readonly
        P0 mmap 4+1 r private anon
        P0 mprotect 0+5 rw

        P0 mmap 0+2 rw private anon
        P0 mprotect 0+2 none
        P0 mprotect 1+0 r

        F0 create 4 tmpfs = 7
        P0 mmap 0+4 r private F0
        P0 mprotect 0+2 rw
        P0 mprotect 3+1 rx
        P0 mmap 8+4 rw private F0
        P0 mlock 9+1
        P0 madvise 11+1 populate-write
        P0 mmap 16+4 rw shared F0
        P0 mlock 16+1
        P0 mmap 24+1 rw private anon
        P0 mlock 24+1
        P0 write 10 = 1
        P0 mlock 10+1
        P0 mmap 32+6 rw private F0
        P0 mlock 36+2

        P0 mmap 0+4 rw private anon
        P0 write 0 = 1
        P0 write 1 = 2
        P0 write 3 = 4
        P0 madvise 0+1 free
        P0 madvise 1+1 dontneed
        P0 munmap 2+1
        P0 madvise 1+3 dontneed

        P0 mmap 0+3 rw private anon
        P0 write 0 = 1
        P0 write 2 = 3
        P0 pin 0 G0
        P0 mlock 1+1
        P0 madvise 0+3 dontneed

        F0 create 3 tmpfs = 7
        P0 mmap 0+3 rw shared F0
        P0 write 0 = 1
        P0 write 1 = 2
        P0 pin 1 G0
        P0 madvise 0+2 remove

        F0 create 4 tmpfs = 7
        P0 mmap 0+2 rw shared F0
        P0 mmap 2+2 rw private F0@2
        P0 write 0 = 1
        P0 pin 0 G0
        P0 write 2 = 3
        P0 madvise 0+4 remove

        F0 create 2 tmpfs = 7
        P0 mmap 0+4 rw shared F0
        P0 madvise 1+3 remove

        P0 mmap 0+4 rw private anon
        P0 write 0 = 1
        P0 madvise 4294967295+2 dontneed
        """;

    internal const string Freed = """
        P0 mmap 0+4 rw private anon
        P0 write 0 = 1
        P0 pin 0 G0 get
        P0 madvise 0+2 free
        P0 fork P1
        P0 read 0

        P0 mmap 0+3 rw private anon
        P0 write 0 = 1
        P0 write 1 = 2
        P0 reclaim 0
        P0 read 0
        P0 write 2 = 3
        P0 fork P1
        P1 write 0 = 4
        P0 fork P2
        P0 madvise 0+3 free

        P0 mmap 0+4 rw private anon
        P0 madvise 0+4 mergeable
        P0 write 0 = 1
        P0 write 1 = 1
        P0 write 2 = 2
        ksm scan 1
        P0 write 3 = 1
        P0 madvise 0+1 free
        ksm scan 2

        F0 create 2 tmpfs = 1
        P0 mmap 8+2 rw shared F0
        P0 mmap 0+2 rw private anon
        P0 mmap 16+2 rw private F0
        P0 madvise 0+2 mergeable
        P0 write 0 = 1
        P0 write 17 = 1
        ksm scan 1
        P0 madvise 0+1 free
        ksm scan 2

        P0 mmap 0+3 rw private anon
        P0 write 0 = 1
        P0 write 1 = 2
        P0 fork P1
        P0 madvise 0+1 pageout
        P0 reclaim 0
        P0 madvise 0+2 free

        F0 create 2 tmpfs = 1
        P0 mmap 0+2 rw private anon
        P0 mmap 4+2 rw shared F0
        P0 write 0 = 1
        P0 write 1 = 2
        P0 fork P1
        P1 reclaim 0
        P1 write 1 = 1
        swap fail-read
        P0 read 0
        """;

    internal const string Moves = """
        P0 mmap 0+4 rw private anon
        P0 write 0 = 1
        P0 write 1 = 2
        P0 write 3 = 3
        P0 mremap 0+4 -> +2

        P0 mmap 0+4 rw private anon
        P0 write 0 = 1
        P0 write 3 = 3
        P0 mremap 0+4 -> 8+2

        F0 create 8 tmpfs = 7
        P0 mmap 0+4 rw private F0@1
        P0 write 0 = 1
        P0 madvise 0+4 dontfork
        P0 mremap 0+4 -> 16+6

        P0 mmap 0+2 rw private anon
        P0 write 0 = 1
        P0 pin 0 G0
        P0 mremap 0+2 -> +4
        P0 write 3 = 4

        P0 mmap 0+4 rw private anon
        P0 mmap 8+4 r private anon
        P0 write 0 = 1
        P0 write 3 = 3
        P0 pin 0 G0
        P0 mremap 0+4 -> 8+4 maymove fixed dontunmap
        P0 write 0 = 5

        P0 mmap 0+4 rw private anon
        P0 mmap 8+4 rw private anon
        P0 write 0 = 1
        P0 write 3 = 3
        P0 write 9 = 4
        P0 munmap 1+2
        P0 mremap 0+4 -> 8+4

        P0 mmap 0+4 rw shared anon
        P0 write 1 = 1
        P0 mremap 0+0 -> 8+3

        P0 mmap 0+4 rw private anon
        P0 write 0 = 1
        P0 write 1 = 2
        P0 fail-nth 4
        P0 mremap 0+2 -> 8+2
        P0 write 0 = 3

        P0 mmap 0+2 rw private anon
        P0 mmap 8+2 rw private anon
        P0 write 8 = 1
        P0 mremap 3+1 -> 8+1

        S0 shmget 2
        P0 mmap 0+2 rw private anon
        P0 mmap 2+2 r private anon
        P0 write 0 = 1
        P0 pin 0 G0
        P0 mmap 8+4 rw private anon
        P0 fail-nth 4
        P0 mremap 0+4 -> 8+4
        P0 write 0 = 2

        P0 mmap 0+4 rw private anon
        P0 mmap 8+4 rw private anon
        P0 write 1 = 1
        P0 write 9 = 2
        P0 fail-nth 2
        P0 mremap 0+4 -> 8+2

        P0 mmap 0+4 rw private anon
        P0 mmap 8+4 rw private anon
        P0 write 0 = 1
        P0 write 1 = 2
        P0 write 8 = 3
        P0 pin 0 G0
        P0 uffd-move 1+2 -> 9

        P0 mmap 0+4 rw private anon
        P0 mmap 8+4 rw private anon
        P0 write 0 = 1
        P0 write 1 = 2
        P0 pin 0 G0 get
        P0 madvise 0+1 free
        P0 uffd-move 0+3 -> 8

        P0 mmap 0+2 rw private anon
        P0 mmap 8+2 rw private anon
        P0 write 0 = 1
        P0 write 8 = 2
        P0 uffd-move 0+1 -> 8
        """;

    internal const string Long = """
        P0 mmap 0+70000 rw private anon
        P0 write 5 = 1
        P0 mmap 5+1 rw private anon
        P0 write 5 = 2

        P0 mmap 0+1 rw shared anon
        P0 write 0 = 1
        P0 pin 0 G0
        P0 mmap 8+70000 rw private anon
        P0 write 9 = 1

        F0 create 2 tmpfs = 7
        P0 mmap 0+2 rw shared F0
        P0 mmap 8+70000 rw shared F0
        P0 madvise 0+1 remove

        P0 mmap 0+70000 rw private anon
        P0 mmap 80000+4 rw private anon
        P0 write 80000 = 1
        P0 pin 80001 G0 write
        P0 mremap 0+2 -> 80001+2

        P0 mmap 4+70000 rw private anon
        P0 mmap 0+4 r private anon
        P0 mprotect 0+70004 r

        P0 mmap 4+70000 rw private anon
        P0 mmap 0+4 rw private anon
        P0 mmap 70004+2 rw private anon
        P0 mmap 70007+2 rw private anon
        P0 mprotect 0+70010 r

        S0 shmget 1
        P0 mmap 0+2 r private anon
        P0 shmat S0 2 readonly
        P0 mmap 4+70000 rw private anon
        P0 mprotect 0+3 rw

        P0 mmap 0+65536 rw private anon
        P0 munmap 4+65532
        P0 write 0 = 1
        """;
}
