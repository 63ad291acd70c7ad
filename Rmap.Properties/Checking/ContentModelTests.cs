using Rmap.Properties.Defects;
using Rmap.Properties.Running;

namespace Rmap.Properties.Checking;

/// <summary>What the content model allows a load to return, and what it refuses. The operations before it run on the machine.</summary>
[Trait("Speed", "Quick")]
public class ContentModelTests
{
    private const string Private = "P0 mmap 0+2 rw private anon\nP0 write 0 = 3\n";
    private const string CleanShared = "option swap-sync\n" + Private + "P0 reclaim 0\nP0 read 0\nP0 fork P1\n";
    private const string Mergeable = "P0 mmap 0+3 rw private anon\nP0 madvise 0+3 mergeable\nP0 write 0 = 3\nP0 write 1 = 3\n";
    private const string Shared = "P0 mmap 0+2 rw shared anon\nP0 write 0 = 3\n";
    private const string PrivateFile = "F0 create 2 tmpfs = 7\nP0 mmap 0+2 rw private F0\n";
    private const string SharedFile = "F0 create 2 tmpfs = 7\nP0 mmap 0+2 rw shared F0\n";

    /// <summary>Operations; the load after them; outcomes that it may have; outcomes that it may not.</summary>
    public static TheoryData<string, string, string[], string[]> Loads => new()
    {
        { "", "P0 read 0", ["SIGSEGV"], ["0", "SIGBUS"] },
        { "P0 mmap 0+2 rw private anon", "P0 read 0", ["0"], ["1", "SIGSEGV", "SIGBUS"] },
        { "P0 mmap 0+2 none private anon", "P0 read 0", ["SIGSEGV"], ["0"] },
        { Private, "P0 read 0", ["3"], ["0"] },
        { Private + "P0 fork P1\nP0 write 0 = 4", "P1 read 0", ["3"], ["4", "0"] },
        { Private + "P0 fork P1\nP1 write 0 = 4", "P0 read 0", ["3"], ["4"] },
        { Private + "P0 clone-vm P1\nP1 write 0 = 4", "P0 read 0", ["4"], ["3"] },
        { Private + "P0 exec", "P0 read 0", ["SIGSEGV"], ["3"] },
        { Private + "P0 munmap 0+1", "P0 read 0", ["SIGSEGV"], ["3"] },
        { Private + "P0 mprotect 0+1 none", "P0 read 0", ["SIGSEGV"], ["3"] },
        { Private + "P0 mprotect 0+1 r\nP0 mprotect 0+1 rw", "P0 read 0", ["3"], ["0", "SIGSEGV"] },
        { Private + "P0 madvise 0+1 dontneed", "P0 read 0", ["0"], ["3"] },
        { Private + "P0 madvise 0+1 free", "P0 read 0", ["0", "3"], ["4"] },
        { Private + "P0 madvise 0+1 free\nP0 read 0", "P0 read 0", ["0", "3"], ["4"] },
        { Private + "P0 madvise 0+1 free\nP0 write 0 = 4", "P0 read 0", ["4"], ["0", "3"] },
        { Private + "P0 madvise 0+1 free\nP0 reclaim 0\nP0 read 0", "P0 read 0", ["0"], ["3"] },
        { Private + "P0 fork P1\nP0 madvise 0+1 free", "P1 read 0", ["3"], ["0"] },
        { Private + "P0 reclaim 0\nP0 read 0\nP0 fork P1\nP0 madvise 0+1 free", "P1 read 0", ["3"], ["0"] },
        { CleanShared + "P0 madvise 0+1 free", "P1 read 0", ["3", "0"], ["4"] },
        { CleanShared + "P0 madvise 1+1 free", "P1 read 0", ["3"], ["0"] },
        { CleanShared + "P1 write 0 = 4\nP0 madvise 0+1 free", "P1 read 0", ["4"], ["0", "3"] },
        { Mergeable + "P0 madvise 0+1 free\nksm scan", "P0 read 1", ["3"], ["0"] },
        {
            Mergeable + "ksm scan\nP0 write 1 = 2\nP0 madvise 0+1 free\nP0 write 2 = 3\nksm scan\nP0 reclaim 2",
            "P0 read 2", ["3", "0"], ["2"]
        },
        { Private + "P0 madvise 0+1 wipeonfork\nP0 fork P1", "P1 read 0", ["0"], ["3"] },
        { Private + "P0 madvise 0+1 wipeonfork\nP0 madvise 0+1 keeponfork\nP0 fork P1", "P1 read 0", ["3"], ["0"] },
        { Private + "P0 madvise 0+1 dontfork\nP0 fork P1", "P1 read 0", ["SIGSEGV"], ["3"] },
        { Private + "P0 mremap 0+2 -> 8+2", "P0 read 8", ["3"], ["0"] },
        { Private + "P0 mremap 0+2 -> 8+2", "P0 read 0", ["SIGSEGV"], ["3"] },
        { Private + "P0 mremap 0+2 -> 8+3", "P0 read 10", ["0"], ["3", "SIGSEGV"] },
        { Private + "P0 mremap 0+2 -> 8+2 maymove fixed dontunmap", "P0 read 0", ["0"], ["3"] },
        { Private + "P0 mmap 8+2 rw private anon\nP0 uffd-move 0+1 -> 8", "P0 read 8", ["3"], ["0"] },
        { Private + "P0 mmap 8+2 rw private anon\nP0 uffd-move 0+1 -> 8", "P0 read 0", ["0"], ["3"] },
        { Private + "P0 reclaim 0\nswap off-on\nP0 migrate 0", "P0 read 0", ["3"], ["0"] },
        { Shared + "P0 fork P1\nP1 write 0 = 4", "P0 read 0", ["4"], ["3"] },
        { Shared + "P0 madvise 0+1 dontneed", "P0 read 0", ["3"], ["0"] },
        { Shared + "P0 madvise 0+1 remove", "P0 read 0", ["0"], ["3"] },
        { Shared + "P0 mremap 0+2 -> 8+3", "P0 read 10", ["SIGBUS"], ["0", "SIGSEGV"] },
        { Shared + "P0 mremap 0+0 -> 8+2", "P0 read 8", ["3"], ["0"] },
        { PrivateFile, "P0 read 1", ["7"], ["0"] },
        { PrivateFile + "F0 write 0 = 8", "P0 read 0", ["8"], ["7"] },
        { PrivateFile + "P0 write 0 = 1\nF0 write 0 = 8", "P0 read 0", ["1"], ["8", "7"] },
        { PrivateFile + "P0 write 0 = 1\nP0 madvise 0+1 dontneed", "P0 read 0", ["7"], ["1"] },
        { PrivateFile + "P0 mlock 0+1\nF0 write 0 = 8", "P0 read 0", ["7"], ["0", "8"] },
        { PrivateFile + "P0 write 1 = 1\nF0 truncate 1", "P0 read 1", ["SIGBUS"], ["1", "7"] },
        { PrivateFile + "P0 write 1 = 1\nF0 truncate 1\nF0 truncate 2", "P0 read 1", ["0"], ["1", "7"] },
        { PrivateFile + "P0 write 0 = 1\nF0 punch 0+1", "P0 read 0", ["1"], ["0", "7"] },
        { PrivateFile + "F0 punch 0+1", "P0 read 0", ["0"], ["7"] },
        { SharedFile + "P0 write 0 = 1\nP0 mmap 8+1 r private F0", "P0 read 8", ["1"], ["7"] },
        { "S0 shmget 2\nP0 shmat S0 0\nP0 write 1 = 5\nP0 fork P1\nP0 shmdt 0\nS0 shmrm", "P1 read 1", ["5"], ["0"] },
        { "S0 shmget 2\nP0 shmat S0 0\nP0 shmdt 0", "P0 read 0", ["SIGSEGV"], ["0"] },
    };

    [Fact]
    public void A_page_that_was_lost_is_known_before_anybody_looks()
    {
        const string scenario = """
            P0 mmap 0+2 rw private anon
            P0 write 0 = 1
            P0 write 1 = 1
            P0 madvise 1+1 free
            P0 madvise 0+2 mergeable
            ksm scan 2
            P0 reclaim 1
            """;
        Assert.Equal(new Operation.Read(new ProcessId(0), new VirtualPage(0)), WrongLoadAfter(scenario, DefectCatalogue.Get("A24")));
        Assert.Null(WrongLoadAfter(scenario, new Linux618()));
    }

    private static Operation.Read? WrongLoadAfter(string scenario, Rules rules)
    {
        var run = new CheckedMachine(rules, MachineOptions.Default);
        foreach (Step step in ScenarioText.Parse(scenario).Steps)
            Assert.Null(run.Execute(step.Operation, out _));

        return run.Contents.FirstWrongLoad();
    }

    [Theory]
    [MemberData(nameof(Loads))]
    public void A_load_returns_what_was_stored(string operations, string load, string[] allowed, string[] refused)
    {
        foreach (string outcome in allowed)
            Assert.Null(Observe(operations, load, outcome));

        foreach (string outcome in refused)
        {
            Violation violation = Assert.IsType<Violation>(Observe(operations, load, outcome));
            Assert.Equal("content", violation.Invariant.Id);
        }
    }

    [Theory]
    [InlineData("P0 mmap 0+1 r private anon", "P0 write 0 = 1", "SIGSEGV", "0")]
    [InlineData("P0 mmap 0+1 rw private anon", "P0 write 0 = 1", "0", "SIGSEGV")]
    [InlineData("F0 create 1 tmpfs\nP0 mmap 0+2 rw private F0", "P0 write 1 = 1", "SIGBUS", "0")]
    [InlineData("S0 shmget 1\nP0 shmat S0 0 readonly", "P0 write 0 = 1", "SIGSEGV", "0")]
    public void A_store_faults_only_where_it_must(string operations, string store, string allowed, string refused)
    {
        Assert.Null(Observe(operations, store, allowed));
        Assert.Equal("content", Observe(operations, store, refused)?.Invariant.Id);
    }

    [Fact]
    public void A_violation_says_what_was_read_and_what_should_have_been()
    {
        Violation violation = Observe(Private + "P0 madvise 0+1 free", "P0 read 0", "9")!;
        Assert.Equal("P0 read page 0: 9", violation.Saw.ToString());
        Assert.Equal("0 or 3", violation.Expected.ToString());
    }

    [Fact]
    public void A_page_whose_VMA_has_another_protection_or_place_breaks_the_map()
    {
        (Machine machine, ContentModel contents) = Run("F0 create 4 tmpfs\nP0 mmap 0+4 rw shared F0");
        Assert.Null(contents.Compare());
        VmArea vma = machine.Processes[0].Mm.Vmas[0];

        vma.Flags &= ~VmFlags.Write;
        Violation violation = contents.Compare()!;
        Assert.Equal("map", violation.Invariant.Id);
        Assert.Equal("page 0 of P0 is in the VMA P0 0+4, r shared page 0 of F0", violation.Saw.ToString());
        Assert.Equal("rw shared page 0 of F0", violation.Expected.ToString());

        vma.Flags |= VmFlags.Write;
        vma.PageOffset++;
        Assert.Equal("map", contents.Compare()?.Invariant.Id);

        vma.PageOffset--;
        vma.Range = PageRange.Of(new(0), 3);
        Assert.Equal("map", contents.Compare()?.Invariant.Id);

        vma.Range = PageRange.Of(new(0), 5);
        Assert.Equal("map", contents.Compare()?.Invariant.Id);
    }

    [Theory]
    [InlineData("P0 mmap 0+2 rw private anon\nP0 mmap 3+1 rw private anon\nP0 mprotect 0+4 r => ENOMEM")]
    [InlineData("option max-map-count 1\nP0 mmap 0+4 rw private anon\nP0 mprotect 1+1 r => ENOMEM")]
    [InlineData("S0 shmget 2\nP0 mmap 0+2 r private anon\nP0 shmat S0 2 readonly\nP0 mprotect 0+4 rw => EACCES")]
    [InlineData("P0 mmap 0+2 rw private anon\nP0 mmap 8+2 rw private anon\nP0 mremap 3+1 -> 8+1 => EFAULT")]
    public void What_a_failed_call_has_done_in_part_is_followed(string operations)
    {
        Scenario scenario = ScenarioText.Parse(operations);
        var machine = new Machine(new Linux618(), scenario.Options);
        var contents = new ContentModel(machine);
        foreach (Step step in scenario.Steps)
        {
            contents.Before(step.Operation);
            Outcome outcome = machine.Execute(step.Operation);
            Assert.Equal(step.Expected ?? outcome, outcome);
            Assert.Null(contents.Observe(step.Operation, outcome));
            Assert.Null(contents.Compare());
        }
    }

    [Theory]
    [InlineData("option ksm-use-zero-pages", 0, true)]
    [InlineData("option ksm-use-zero-pages", 1, false)]
    [InlineData("", 0, false)]
    public void A_hole_may_take_a_private_copy_only_if_KSM_may_have_merged_it_with_the_zero_page(string option, byte stored, bool isExcused)
    {
        string operations = option + "\nF0 create 2 tmpfs = 3\nP0 mmap 0+2 rw private F0\nP0 madvise 0+2 mergeable\n"
            + $"P0 write 0 = {stored}\nksm scan 2\nF0 punch 0+1\nF0 write 0 = 9";
        Assert.Equal(isExcused, Observe(operations, "P0 read 0", "9") is null);
    }

    /// <summary>A hole takes all that lies behind it, too.</summary>
    private sealed class PunchUnmapsAll : Rules
    {
        public override long PunchUnmapsUpTo(long last) => long.MaxValue;
    }

    [Fact]
    public void What_lies_behind_a_hole_is_not_excused()
    {
        Scenario scenario = ScenarioText.Parse("""
            option ksm-use-zero-pages
            F0 create 2 tmpfs = 3
            P0 mmap 0+2 rw private F0
            P0 madvise 0+2 mergeable
            P0 write 1 = 0
            ksm scan 2
            F0 punch 0+1
            P0 read 1
            """);
        Assert.Equal(Invariants.Content, ScenarioRunner.FirstFailure(scenario, new PunchUnmapsAll())?.Violation.Invariant);
        Assert.Null(ScenarioRunner.FirstFailure(scenario, new Rules()));
    }

    [Fact]
    public void A_page_of_processes_that_share_an_mm_is_excused_once()
    {
        ContentModel contents = Run("""
            option ksm-use-zero-pages
            F0 create 1 tmpfs = 3
            P0 mmap 0+1 rw private F0
            P0 madvise 0+1 mergeable
            P0 write 0 = 0
            P0 clone-vm P1
            ksm scan 2
            F0 punch 0+1
            """).Contents;
        Assert.Equal(1, contents.Faults.Met(KnownFault.PunchTakesMergedZero));
    }

    [Theory]
    [InlineData("option user-mode-linux", "w", true)]
    [InlineData("option user-mode-linux", "rw", false)]
    [InlineData("option user-mode-linux", "wx", false)]
    [InlineData("", "w", false)]
    public void A_page_that_may_only_be_written_can_be_read_but_not_in_User_Mode_Linux(string option, string protection, bool isRefused)
    {
        string operations = $"{option}\nP0 mmap 0+1 {protection} private anon";
        Assert.Equal(isRefused, Observe(operations, "P0 read 0", "SIGSEGV") is null);
        Assert.Null(Observe(operations, "P0 read 0", "0"));
    }

    [Theory]
    [InlineData("", "F0 create 1 tmpfs", "EEXIST", false)]
    [InlineData("F0 create 1 tmpfs", "F0 create 1 tmpfs", "EEXIST", true)]
    [InlineData("", "F0 create 1 tmpfs", "ENOSPC", false)]
    [InlineData("", "F0 create 1 tmpfs = 3", "ENOSPC", true)]
    [InlineData("F0 create 1 tmpfs", "F0 truncate 2", "ENOENT", false)]
    [InlineData("S0 shmget 1", "S0 truncate 2", "ENOENT", true)]
    [InlineData("F0 create 1 ext4", "F0 truncate 4294967295", "EFBIG", false)]
    [InlineData("F0 create 1 ext4", "F0 truncate 4294967296", "EFBIG", true)]
    [InlineData("F0 create 1 tmpfs", "F0 punch 0+1", "EINVAL", false)]
    [InlineData("F0 create 1 tmpfs", "F0 punch 0+0", "EINVAL", true)]
    [InlineData("F0 create 1 tmpfs", "F0 write 0 = 1", "ENOSPC", false)]
    [InlineData("option frames 100\nF0 create 1 tmpfs", "F0 write 0 = 1", "ENOSPC", true)]
    [InlineData("F0 create 1 tmpfs", "F0 fsync", "ENOENT", false)]
    [InlineData("S0 shmget 2", "S0 shmrm", "EINVAL", false)]
    [InlineData("S0 shmget 2\nS0 shmrm", "S0 shmrm", "EINVAL", true)]
    [InlineData("S0 shmget 2", "P0 shmat S0 4", "EINVAL", false)]
    [InlineData("S0 shmget 2\nP0 mmap 5+1 rw private anon", "P0 shmat S0 4", "EINVAL", true)]
    [InlineData("S0 shmget 2\nP0 mmap 6+1 rw private anon", "P0 shmat S0 4", "EINVAL", false)]
    [InlineData("S0 shmget 2", "P0 shmat S0 4", "ENOMEM", false)]
    [InlineData("F0 create 2 tmpfs", "P0 shmat F0 4", "EINVAL", true)]
    [InlineData("P0 mmap 0+1 rw private anon\nP0 pin 0 G0 write", "G0 write = 1", "EPERM", false)]
    [InlineData("P0 mmap 0+1 rw private anon\nP0 pin 0 G0", "G0 write = 1", "EPERM", true)]
    [InlineData("P0 mmap 0+1 rw private anon\nP0 pin 0 G0 write", "G0 unpin", "EBADF", false)]
    [InlineData("", "G0 unpin", "EBADF", true)]
    [InlineData("", "ksm run 1", "EINVAL", false)]
    [InlineData("", "ksm max-sharing 2", "EINVAL", false)]
    [InlineData(Movable, "P0 uffd-move 0+1 -> 4", "EINVAL", false)]
    [InlineData(Movable, "P0 uffd-move 0+1 -> 4", "ENOENT", false)]
    [InlineData(Movable, "P0 uffd-move 0+1 -> 4", "EBUSY", false)]
    [InlineData(Movable + "\nP0 fork P1", "P0 uffd-move 0+1 -> 4", "EBUSY", true)]
    [InlineData(Movable, "P0 uffd-move 1+1 -> 4", "ENOENT", true)]
    [InlineData(Movable, "P0 uffd-move 0+1 -> 4", "EAGAIN", false)]
    [InlineData(Movable, "P0 uffd-move 0+2 -> 4", "EAGAIN", true)]
    [InlineData(Movable, "P0 uffd-move 0+1 -> 9", "EINVAL", true)]
    public void A_refusal_has_a_reason(string before, string operation, string errno, bool isPermitted)
    {
        Violation? violation = Observe(before, operation, errno);
        Assert.Equal(isPermitted ? null : "effect", violation?.Invariant.Id);
        if (!isPermitted)
            Assert.Equal($"{operation} is refused with {errno}", violation!.Saw.ToString());
    }

    private const string Movable = "P0 mmap 0+2 rw private anon\nP0 mmap 4+2 rw private anon\nP0 write 0 = 1";

    [Fact]
    public void A_very_long_mapping_is_followed_too()
    {
        const string scenario = "P0 mmap 0+34359738367 rw private anon\nP0 write 1000000 = 1\nP0 mremap 0+2000000 -> +1000001";
        Assert.Null(Observe(scenario, "P0 read 1000000", "1"));
        Assert.Equal("content", Observe(scenario, "P0 read 1000000", "0")?.Invariant.Id);
        Assert.Null(Observe(scenario, "P0 read 1000001", "SIGSEGV"));
        Assert.Null(Observe(scenario, "P0 read 2000000", "0"));
    }

    private static Violation? Observe(string operations, string access, string outcome)
    {
        Step step = ScenarioText.Parse($"{access} => {outcome}").Steps[0];
        return Run(operations).Contents.Observe(step.Operation, step.Expected!);
    }

    private static (Machine Machine, ContentModel Contents) Run(string operations)
    {
        Scenario scenario = ScenarioText.Parse(operations);
        var machine = new Machine(options: scenario.Options);
        var contents = new ContentModel(machine);
        foreach (Step step in scenario.Steps)
        {
            contents.Before(step.Operation);
            Outcome outcome = machine.Execute(step.Operation);
            Assert.True(outcome.Succeeded, $"{ScenarioText.Print(step.Operation)} => {outcome}");
            Assert.Null(contents.Observe(step.Operation, outcome));
        }

        Assert.Null(contents.Compare());
        return (machine, contents);
    }
}
