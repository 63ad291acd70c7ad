namespace Rmap.Properties.Text;

/// <summary>Texts that are no scenarios, a line each; <c>\n</c> stands for the end of a line, <c>\u00a0</c> for another sign.</summary>
internal static class WrongTexts
{
    internal const string All = """
        P0
        P
        Px exit
        P0x exit
        P99999999999 exit
        G0
        G
        G0 frob
        G0 write
        G0 write =
        G0 write = 256
        G0 write = -1
        G0 read 5
        F0
        F0 frob
        anon create 1 tmpfs
        option create 1 tmpfs
        P- create 1 tmpfs
        P-1- create 1 tmpfs
        G-1- create 1 tmpfs
        1F create 1 tmpfs
        -F create 1 tmpfs
        .F create 1 tmpfs
        F$ create 1 tmpfs
        é create 1 tmpfs
        a234567890123456789012345678901234567890 frob
        a2345678901234567890123456789012345678901 frob
        a234567890123456789012345678901234567890$1234567890123456789012345678901234567890
        P0 read a234567890123456789012345678901234567890
        P0 read a2345678901234567890123456789012345678901
        P0 frob
        P0 mmap
        P0 mmap 1
        P0 mmap 1+
        P0 mmap 1+2 q
        P0 mmap 1+2 r
        P0 mmap 1+2 r public
        P0 mmap 1+2 r private
        P0 mmap 1+2 r private P0
        P0 mmap 1+2 r private anon@
        P0 mmap 1+2 r private F0@x
        P0 mmap 1+2 r private F0 hint hint
        P0 mmap 1+2 r private F0 noreserve hint
        P0 mmap 1+2 r private F0 fixed
        P0 munmap 1-2
        P0 munmap 1+2 3
        P0 mprotect 1+2
        P0 mremap 1+2
        P0 mremap 1+2 ->
        P0 mremap 1+2 -> 3
        P0 mremap 1+2 -> 3+
        P0 mremap 1+2 -> +
        P0 mremap 1+2 -> +4 moves
        P0 mremap 1+2 -> +4 maymove moves
        P0 madvise 1+2 well
        P0 madvise 1+2
        P0 mbind 1+2 loose
        P0 mlock 1+2 onfaults
        P0 fork
        P0 fork 1
        P0 clone-vm F0
        P0 memory-merge
        P0 memory-merge maybe
        P0 shmat
        P0 shmat P0
        P0 shmat S0
        P0 shmat S0 1 writable
        P0 shmdt
        P0 pin
        P0 pin 1
        P0 pin 1 P0
        P0 pin 1 G0 put
        P0 uffd-move 1+2
        P0 uffd-move 1+2 -> x
        P0 fail-nth
        P0 fail-nth 2147483648
        P0 fail-nth -2147483649
        P0 write 1
        P0 write 1 2
        F0 create
        F0 create 1
        F0 create 1 xfs
        F0 create 1 tmpfs =
        F0 create 1 tmpfs = 256
        F0 create 1 tmpfs 7
        F0 truncate
        F0 punch 1
        S0 shmget
        ksm
        ksm frob
        ksm scan 99999999999
        ksm scan x
        ksm run
        ksm run x
        ksm run 2147483648
        ksm max-sharing
        ksm max-sharing x
        swap
        swap off
        swap off-on now
        option
        option frob
        option swap-sync on
        option fault-around
        option fault-around 0
        option ksm-max-sharing
        option ksm-max-sharing 1
        option mmap-base
        option mmap-base x
        option pgoff-limit
        option max-map-count 0
        option swap-sync\noption swap-sync
        option swap-sync => 0
        expect
        expect P0
        expect P0 vma x
        expect P0 vma 1+2
        expect P0 vma 1+2 r,
        expect same
        expect different P0
        expect create 1 tmpfs
        rules
        rules 7
        rules a b
        rules a\nrules b
        P0 exit\nrules a
        P0 exit\noption swap-sync
        P0 exit =>
        P0 exit => 0 rw
        P0 exit => 0 wr
        P0 exit => 0 q
        P0 exit => 2147483648 rw
        P0 exit => -2147483649 rw
        P0 exit => None
        P0 exit => EINVAL rw
        P0 exit => 1 - 2
        P0 exit = > 0
        P0 exit >
        P0 exit $
        P0 exit \u0000
        P0 exit \u007f
        P0\u00a0exit
        P0 exit # nothing\n\nP0 frob # nothing
        """;
}
