using static Rmap.Regressions.Scenarios.TextRun;

namespace Rmap.Regressions.FileTests;

/// <summary>What files and segments do where the recordings do not lead.</summary>
[Trait("Speed", "Quick")]
public class FileTests
{
    [Fact]
    public void Msync_cleans_what_its_range_covers_and_tells_of_a_gap()
    {
        Machine machine = Run("""
            F0 create 4 ext4 = 1
            P0 mmap 0+2 rw shared F0
            P0 mmap 4+2 rw shared F0@2
            P0 write 0 = 2
            P0 write 1 = 3
            P0 write 4 = 4
            P0 msync 0+1 => 0
            """);

        Assert.Equal([(0, PteBits.Young), (1, Written), (4, Written)], Entries(machine));
        RunOn(machine, "P0 msync 1+5 => ENOMEM");
        Assert.Equal([(0, PteBits.Young), (1, PteBits.Young), (4, PteBits.Young)], Entries(machine));
        RunOn(machine, "P0 msync 6+1 => ENOMEM");
    }

    [Fact]
    public void The_first_write_to_a_shared_page_of_ext4_is_noticed_and_after_fsync_again()
    {
        Machine machine = Run("""
            F0 create 1 ext4 = 1
            F0 fsync
            P0 mmap 0+1 rw shared F0
            P0 read 0
            """);

        Page page = machine.Files.Find("F0")!.Cache[0];
        Assert.Equal([(0, PteBits.Young)], Entries(machine));
        for (int round = 0; round < 2; round++)
        {
            Assert.False(page.Has(PageFlags.Dirty));
            RunOn(machine, "P0 write 0 = 2");
            Assert.True(page.Has(PageFlags.Dirty));
            Assert.Equal([(0, Written)], Entries(machine));
            RunOn(machine, "F0 fsync");
        }
    }

    [Fact]
    public void Reclaim_takes_a_clean_page_of_ext4_and_a_fault_reads_it_back()
    {
        Machine machine = Run("""
            F0 create 1 ext4 = 7
            F0 fsync
            P0 mmap 0+1 rw shared F0
            P0 read 0 => 7
            P0 reclaim 0 => 1
            """);

        AddressSpace file = machine.Files.Find("F0")!;
        Assert.Equal([0L], file.Shadows);
        RunOn(machine, "P0 read 0 => 7");
        Assert.Empty(file.Shadows);
        Assert.True(file.Cache[0].Has(PageFlags.Active));
    }

    [Fact]
    public void A_missing_page_of_ext4_brings_in_its_surroundings()
    {
        Machine machine = Run("""
            F0 create 100 ext4
            P0 mmap 0+100 r shared F0
            P0 read 40
            """);

        Assert.Equal(Enumerable.Range(24, 32), machine.Files.Find("F0")!.Cache.Keys.Select(index => (int)index));
    }

    [Fact]
    public void Truncating_drops_private_copies_that_were_swapped_out()
    {
        Machine machine = Run("""
            F0 create 2 tmpfs = 5
            P0 mmap 0+2 rw private F0
            P0 write 1 = 6
            P0 reclaim 1 => 1
            F0 truncate 1
            F0 truncate 2
            """);

        Assert.Equal(0, machine.Swap.InUse);
        RunOn(machine, "P0 read 1 => 0");
    }

    [Fact]
    public void Punching_leaves_private_copies_swapped_out_or_not()
    {
        Run("""
            F0 create 3 tmpfs = 5
            P0 mmap 0+3 rw private F0
            P0 write 0 = 6
            P0 write 1 = 7
            P0 reclaim 1 => 1
            P0 read 2 => 5
            F0 punch 0+3
            P0 read 0 => 6
            P0 read 1 => 7
            P0 read 2 => 0
            """);
    }

    [Fact]
    public void Truncating_and_punching_drop_what_shmem_has_in_swap()
    {
        Machine machine = Run("""
            F0 create 3 tmpfs = 5
            P0 mmap 0+3 rw shared F0
            P0 read 0
            P0 read 1
            P0 read 2
            P0 reclaim 0 => 1
            P0 reclaim 1 => 1
            P0 reclaim 2 => 1
            F0 punch 0+1
            F0 truncate 2
            """);

        SwapSlot slot = Assert.Single(machine.Swap.All);
        Assert.Equal((machine.Files.Find("F0"), 1), (slot.Owner, slot.Count));
        RunOn(machine, """
            P0 read 0 => 0
            P0 read 1 => 5
            P0 read 2 => SIGBUS
            """);
        Assert.Equal(0, machine.Swap.InUse);
    }

    [Fact]
    public void Writing_a_page_that_lies_in_swap_brings_it_back_first()
    {
        Machine machine = Run("""
            F0 create 1 tmpfs = 5
            P0 mmap 0+1 r shared F0
            P0 read 0 => 5
            P0 reclaim 0 => 1
            F0 write 0 = 6
            P0 read 0 => 6
            """);

        Assert.True(machine.Files.Find("F0")!.Cache[0].Has(PageFlags.Active | PageFlags.Referenced | PageFlags.Dirty));
        Assert.Equal(0, machine.Swap.InUse);
    }

    [Fact]
    public void A_window_that_begins_with_the_VMA_is_no_shorter_for_it()
    {
        Machine machine = Run("""
            option fault-around 4
            F0 create 20 tmpfs = 1
            P0 mmap 6+10 r shared F0
            P0 read 7
            P0 read 14
            """);

        Assert.Equal([6, 7, 8, 9, 12, 13, 14, 15], Entries(machine).Select(each => each.Page));
    }

    [Fact]
    public void Attachments_of_segments_are_not_faulted_around()
    {
        Machine machine = Run("""
            option fault-around 16
            S0 shmget 4
            P0 shmat S0 0
            P0 write 0 = 1
            P0 write 1 = 1
            P0 shmat S0 8
            P0 read 8 => 1
            """);

        Assert.Equal([0, 1, 8], Entries(machine).Select(each => each.Page));
    }

    [Fact]
    public void A_segment_goes_with_its_last_attachment_and_can_be_attached_until_then()
    {
        Machine machine = Run("""
            S0 shmget 2
            P0 shmat S0 0
            P0 write 0 = 3
            P0 fork P1
            S0 shmrm => 0
            P0 exit
            P1 shmat S0 8 => 8
            P1 read 8 => 3
            P1 munmap 0+1
            P1 shmdt 8
            P1 reclaim 1 => ENOENT
            """);

        Assert.Equal(1, machine.Files.FindSegment("S0")!.Attached);
        RunOn(machine, """
            P1 munmap 1+1
            P1 shmat S0 8 => EINVAL
            S0 shmrm => EINVAL
            """);
        Assert.Empty(machine.Files.All);
        Assert.Equal(0, machine.Frames.InUse);
    }

    [Fact]
    public void Shmdt_takes_all_pieces_of_one_attachment()
    {
        Machine machine = Run("""
            S0 shmget 3
            P0 shmat S0 0
            P0 shmat S0 3
            P0 mprotect 1+1 r
            """);

        Assert.Equal(4, machine.Files.FindSegment("S0")!.Attached);
        RunOn(machine, """
            P0 shmdt 1 => EINVAL
            P0 shmdt 0 => 0
            P0 shmdt 0 => EINVAL
            """);
        Assert.Equal([PageRange.Of(new VirtualPage(3), 3)], Vmas(machine));
    }

    [Fact]
    public void Shmdt_leaves_a_piece_of_another_attachment_that_was_moved_between()
    {
        Machine machine = Run("""
            S0 shmget 3
            P0 shmat S0 0
            P0 shmat S0 8
            P0 mremap 9+1 -> 1+1
            P0 shmdt 0 => 0
            """);

        Assert.Equal([1, 8, 10], Vmas(machine).Select(range => range.Start.Number));
    }

    [Fact]
    public void A_read_only_attachment_stays_read_only()
    {
        Machine machine = Run("""
            S0 shmget 1
            P0 shmat S0 0 readonly
            P0 mprotect 0+1 rw => EACCES
            P0 write 0 = 1 => SIGSEGV
            P0 madvise 0+1 remove => EACCES
            """);

        Assert.Null(new InvariantChecker(machine).FirstViolation());
    }

    [Fact]
    public void Uffd_move_stops_at_the_first_page_that_it_cannot_move()
    {
        Machine machine = Run("""
            P0 mmap 0+4 rw private anon
            P0 mmap 8+4 rw private anon
            P0 write 0 = 1
            P0 read 1
            P0 uffd-move 0+3 -> 8 => EAGAIN
            P0 read 8 => 1
            P0 uffd-move 0+1 -> 8 => EEXIST
            P0 uffd-move 2+1 -> 10 => ENOENT
            P0 uffd-move 0+1 -> 20 => EINVAL
            """);

        Assert.Equal([PteKind.Present, PteKind.ZeroPage], [Table(machine)[new(8)].Kind, Table(machine)[new(9)].Kind]);
        Assert.Equal(2, Vmas(machine).Count());
    }

    /// <summary>A destination that may be registered gets its AV, although nothing can be moved there.</summary>
    [Theory]
    [InlineData("ext4", false)]
    [InlineData("tmpfs", true)]
    public void Uffd_takes_shmem_but_moves_anonymous_memory_only(string fileSystem, bool isPrepared)
    {
        Machine machine = Run($"""
            F0 create 1 {fileSystem}
            P0 mmap 0+1 rw private F0
            P0 mmap 8+1 rw private anon
            P0 write 8 = 1
            P0 uffd-move 8+1 -> 0 => EINVAL
            """);

        Assert.Equal(isPrepared, machine.Find(new ProcessId(0))!.Mm.Lookup(new(0))!.AnonVma is not null);
    }

    [Theory]
    [InlineData("F0 create 1 tmpfs", Errno.EEXIST)]
    [InlineData("S0 create 1 tmpfs", Errno.EEXIST)]
    [InlineData("F0 shmget 1", Errno.EEXIST)]
    [InlineData("S1 shmget 0", Errno.EINVAL)]
    [InlineData("F1 create 2251799813685248 tmpfs", Errno.EINVAL)]
    [InlineData("F1 create 2251799813685248 tmpfs = 1", Errno.ENOSPC)]
    [InlineData("F0 truncate 2251799813685248", Errno.EINVAL)]
    [InlineData("F0 write 2251799813685247 = 1", Errno.EINVAL)]
    [InlineData("F0 punch 2251799813685247+2", Errno.EFBIG)]
    [InlineData("F0 punch 2251799813685248+1", Errno.EINVAL)]
    [InlineData("F0 punch 0+2251799813685248", Errno.EINVAL)]
    [InlineData("F1 create 4294967296 ext4", Errno.EFBIG)]
    [InlineData("F2 truncate 4294967296", Errno.EFBIG)]
    [InlineData("F2 truncate 2251799813685248", Errno.EINVAL)]
    [InlineData("F2 write 4294967295 = 1", Errno.EFBIG)]
    [InlineData("F2 punch 4294967294+2", Errno.EFBIG)]
    [InlineData("F0 punch 0+0", Errno.EINVAL)]
    [InlineData("F1 truncate 1", Errno.ENOENT)]
    [InlineData("F1 punch 0+1", Errno.ENOENT)]
    [InlineData("F1 write 0 = 1", Errno.ENOENT)]
    [InlineData("F1 fsync", Errno.ENOENT)]
    [InlineData("S0 fsync", Errno.ENOENT)]
    [InlineData("F0 shmrm", Errno.EINVAL)]
    [InlineData("P0 shmat F0 0", Errno.EINVAL)]
    [InlineData("P0 shmat S0 34359738366", Errno.ENOMEM)]
    [InlineData("P0 mmap 0+1 rw shared F0@2251799813685247", Errno.EOVERFLOW)]
    [InlineData("P0 mmap 0+1 rw shared S0", Errno.EBADF)]
    public void What_cannot_be_is_refused(string line, Errno errno) =>
        Run($"""
            F0 create 4 tmpfs = 1
            F2 create 4294967295 ext4
            F2 write 4294967294 = 1
            F2 punch 4294967294+1
            F3 create 2251799813685247 tmpfs
            F3 punch 0+2251799813685247
            S0 shmget 2
            S2 shmget 2251799813685247
            {line} => {errno}
            """);

    /// <summary>mremap unmaps its target, where the page is locked, then the tail of its source, where it was used.</summary>
    [Fact]
    public void What_one_unmapping_munlocks_is_munlocked_for_the_next_one_of_the_operation_only_in_6_12()
    {
        foreach (Rules rules in new Rules[] { new Linux612(), new Linux618(), new Linux72(), new Linux73() })
        {
            Machine machine = Run(
                """
                F0 create 2 tmpfs = 1
                P0 mmap 8+2 r shared F0
                P0 mmap 20+1 r shared F0@1
                P0 read 9
                P0 mlock 20+1
                P0 mremap 8+2 -> 20+1 maymove fixed
                """,
                rules);

            Page page = machine.Files.Find("F0")!.Cache[1];
            Assert.Equal(
                rules is Linux612 ? PageFlags.Active : PageFlags.Referenced, page.Flags & (PageFlags.Active | PageFlags.Referenced));
            Assert.False(page.Has(PageFlags.Mlocked));
        }
    }

    /// <summary>Exit munlocks the pages; then the last one is met again where it is not locked.</summary>
    [Theory]
    [InlineData(30, PageFlags.Referenced)]
    [InlineData(31, PageFlags.Active)]
    public void The_batch_of_mlock_is_drained_when_it_is_full(int pages, PageFlags expected)
    {
        Machine machine = Run($"""
            F0 create {pages} tmpfs = 1
            P0 mmap 0+{pages} r shared F0
            P0 mlock 0+{pages}
            P0 mmap 40+1 r shared F0@{pages - 1}
            P0 read 40
            P0 exit
            """);

        Page page = machine.Files.Find("F0")!.Cache[pages - 1];
        Assert.Equal(expected, page.Flags & (PageFlags.Active | PageFlags.Referenced));
    }

    private const PteBits Written = PteBits.Young | PteBits.Dirty | PteBits.Writable;

    private static PageTable Table(Machine machine) => machine.Find(new ProcessId(0))!.Mm.PageTable;

    private static IEnumerable<PageRange> Vmas(Machine machine) => machine.Find(new ProcessId(0))!.Mm.Vmas.Select(vma => vma.Range);

    /// <summary>The present entries among the first pages of P0.</summary>
    private static IEnumerable<(int Page, PteBits Bits)> Entries(Machine machine)
    {
        PageTable table = Table(machine);
        return Enumerable.Range(0, 32).Where(page => table[new(page)].IsPresent).Select(page => (page, table[new(page)].Bits));
    }
}
