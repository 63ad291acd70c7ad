namespace Rmap.Properties.Strace;

/// <summary>Logs of strace as scenarios.</summary>
public class StraceTests
{
    private const string Exec = """1 execve("/bin/true", ["true"], 0x7ffd00000000 /* 3 vars */) = 0""";

    [Fact]
    public void Calls_keep_their_place_and_expect_their_answer() => Holds(
        """
        1 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000010000
        1 mprotect(0x7f0000010000, 4096, PROT_READ) = 0
        1 munmap(0x7f0000012000, 4096) = 0
        1 mremap(0x7f0000011000, 4096, 8192, MREMAP_MAYMOVE) = 0x7f0000020000
        1 munmap(0x7f0000010000, 4000)         = 0
        """,
        stack: 16 + 4 + 2 + 1,
        """
        P0 mmap 16+2 rw private anon => 16
        P0 write 16 = 4
        P0 write 17 = 5
        P0 mprotect 16+1 r => 0
        P0 mremap 17+1 -> 20+2 => 20
        P0 write 20 = 8
        P0 write 21 = 9
        P0 munmap 16+1 => 0
        """);

    [Fact]
    public void A_call_takes_effect_where_it_is_resumed_but_a_fork_before_its_child_goes_on() => Holds(
        """
        1 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD <unfinished ...>
        2 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0 <unfinished ...>
        1 <... clone resumed>, child_tidptr=0x7f00) = 2
        1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000011000
        2 <... mmap resumed>)               = 0x7f0000010000
        2 exit_group(0) = ?
        2 +++ exited with 0 +++
        """,
        stack: 16 + 2 + 1,
        """
        P0 fork P1 => 1
        P1 write 19 = 4
        P0 write 51 = 5
        P0 mmap 17+1 r private anon => 17
        P0 read 17
        P1 mmap 16+1 r private anon => 16
        P1 read 16
        P1 exit => 0
        """);

    [Fact]
    public void A_heap_is_what_brk_grows() => Holds(
        """
        1 brk(NULL) = 0x55f000000000
        1 brk(0x55f000002000) = 0x55f000002000
        1 brk(0x55f000001000) = 0x55f000001000
        """,
        stack: 16 + 2 + 1,
        """
        P0 mmap 16+2 rw private anon => 16
        P0 write 16 = 4
        P0 write 17 = 5
        P0 munmap 17+1 => 0
        """);

    [Fact]
    public void Threads_and_vfork_share_memory_and_files_are_as_long_as_they_are_mapped()
    {
        Scenario scenario = Read(
            """
            1 execve("/bin/sh", ["sh"], 0x7ffd00000000 /* 3 vars */) = 0
            1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</lib/libc.so.6>, 0x1000) = 0x7f0000010000
            1 clone3({flags=CLONE_VM|CLONE_THREAD, exit_signal=0, stack=0x7f00, stack_size=0x1000}, 88) = 2
            1 vfork( <unfinished ...>
            3 execve("/bin/true", ["true"], 0x7ffd00000000 /* 3 vars */ <unfinished ...>
            1 <... vfork resumed>)              = 3
            3 <... execve resumed>)             = 0
            """);
        string text = ScenarioText.Print(scenario);
        Assert.StartsWith("option fault-around 16\nlibc.so.6 create 2 ext4 => 0\nP0 exec => 0\n", text, StringComparison.Ordinal);
        Assert.Contains("P0 mmap 16+1 r private libc.so.6@1 => 16\nP0 read 16\n", text, StringComparison.Ordinal);
        Assert.Contains("P0 clone-vm P1 => 1\nP0 clone-vm P2 => 2\nP2 exec => 0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_left_out_is_told_apart()
    {
        StraceScenario read = ReadAll(
            """
            1 mprotect(0x7f0000010000, 4096, PROT_READ) = 0
            1 mprotect(0x7f0000010000, 4096, PROT_READ) = 0
            1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 9, 0) = -1 EBADF (Bad file descriptor)
            1 munmap(0x7f0000010000, 4096 <unfinished ...>) = ?
            1 madvise(0x7f0000010000, 4096, MADV_SOFT_OFFLINE) = 0
            1 remap_file_pages(0x7f0000010000, 4096, 0, 0, 0) = 0
            1 prctl(PR_SET_NAME, "x") = 0
            """);
        Assert.Equal(
            [
                new(LeftOutReason.UnknownMemory, "mprotect", 2),
                new(LeftOutReason.Failed, "mmap EBADF", 1),
                new(LeftOutReason.Failed, "munmap without a result", 1),
                new(LeftOutReason.NotModelled, "madvise MADV_SOFT_OFFLINE", 1),
                new(LeftOutReason.NotModelled, "remap_file_pages", 1),
            ],
            read.LeftOut);
        Assert.Equal(3, read.Scenario.Steps.Length);
        Assert.Equal(
            "on memory that is not known: 2 mprotect; failed, for a reason that is not modelled: 1 mmap EBADF, 1 munmap without a result; "
            + "not modelled: 1 madvise MADV_SOFT_OFFLINE, 1 remap_file_pages",
            LeftOut.Tell(read.LeftOut));
    }

    [Fact]
    public void Flags_that_the_model_lacks_are_told_and_their_mapping_is_there()
    {
        StraceScenario read = ReadAll(
            """
            1 mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_GROWSDOWN|MAP_LOCKED, -1, 0) = 0x7f0000010000
            1 mmap(NULL, 4096, PROT_NONE, MAP_SHARED, 3</dev/dri/card0<char 226:0>>, 0) = 0x7f0000020000
            1 mmap(NULL, 2097152, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB|21<<MAP_HUGE_SHIFT, -1, 0) = 0x7f0000200000
            """);
        Assert.Equal(
            ["MAP_GROWSDOWN", "mmap MAP_HUGETLB", "mmap of /dev/dri/card0"], read.LeftOut.Select(each => each.What));
        Assert.Equal("P0 mmap 16+1 none private anon locked", ScenarioText.Print(read.Scenario.Steps[^1].Operation));
    }

    [Fact]
    public void Refused_calls_expect_their_errno_where_the_model_can_know_it() => Holds(
        """
        1 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000010000
        1 mmap(0x7f0000011000, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED_NOREPLACE, -1, 0) = -1 EEXIST (File exists)
        1 mmap(NULL, 0, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = -1 EINVAL (Invalid argument)
        1 mmap(NULL, 18446744073709547520, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = -1 ENOMEM (Cannot allocate memory)
        1 munmap(0x7f0000010000, 0) = -1 EINVAL (Invalid argument)
        1 mprotect(0x7f0000010000, 16384, PROT_READ) = -1 ENOMEM (Cannot allocate memory)
        1 msync(0x7f0000012000, 4096, MS_SYNC) = -1 ENOMEM (Cannot allocate memory)
        1 madvise(0x7f0000010000, 4096, MADV_REMOVE) = -1 EINVAL (Invalid argument)
        1 mremap(0x7f0000010000, 4096, 8192, 0) = -1 ENOMEM (Cannot allocate memory)
        1 mremap(0x7f0000012000, 4096, 8192, MREMAP_MAYMOVE) = -1 EFAULT (Bad address)
        """,
        stack: 18 + 4 + 1,
        """
        P0 mmap 18+2 rw private anon => 18
        P0 write 18 = 4
        P0 write 19 = 5
        P0 mmap 19+1 r private anon noreplace => EEXIST
        P0 mmap 16+0 r private anon hint => EINVAL
        P0 mmap 16+4503599627370495 r private anon hint => ENOMEM
        P0 munmap 18+0 => EINVAL
        P0 mprotect 18+4 r => ENOMEM
        P0 msync 20+1 => ENOMEM
        P0 madvise 18+1 remove => EINVAL
        P0 mremap 18+1 -> +2 => ENOMEM
        P0 mremap 20+1 -> +2 maymove => EFAULT
        """);

    [Fact]
    public void Segments_msync_mincore_and_memory_merge_are_taken() => Holds(
        """
        1 shmget(IPC_PRIVATE, 5000, IPC_CREAT|0600) = 3
        1 shmat(3, NULL, SHM_RDONLY) = 0x7f0000010000
        1 msync(0x7f0000010000, 8192, MS_SYNC) = 0
        1 mincore(0x7f0000010000, 8192, [1, 0]) = 0
        1 shmctl(3, IPC_RMID, NULL) = 0
        1 shmdt(0x7f0000010000) = 0
        1 shmdt(0x7f0000010000) = -1 EINVAL (Invalid argument)
        1 prctl(PR_SET_MEMORY_MERGE, 1, 0, 0, 0) = 0
        1 prctl(0x43 /* PR_??? */, 0, 0, 0, 0) = 0
        1 prctl(0x41 /* PR_??? */, 1, 0, 0, 0) = 0
        """,
        stack: 16 + 2 + 1,
        """
        segment-3 shmget 2 => 0
        P0 shmat segment-3 16 readonly => 16
        P0 read 16
        P0 read 17
        P0 msync 16+2 => 0
        P0 mincore 16+2
        segment-3 shmrm => 0
        P0 shmdt 16 => 0
        P0 shmdt 16 => EINVAL
        P0 memory-merge on => 0
        P0 memory-merge off => 0
        P0 mdwe => 0
        """);

    [Fact]
    public void A_message_of_strace_within_a_call_is_no_part_of_it()
    {
        StraceScenario read = ReadAll(
            """
            clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLDstrace: Process 2 attached
            , child_tidptr=0x7f0000000a10) = 2
            [pid     2] +++ exited with 0 +++
            +++ exited with 0 +++
            """,
            "execve(\"/bin/true\", [\"true\"], 0x7ffd00000000 /* 3 vars */) = 0");
        Assert.Equal(
            ["P0 exec", "P0 fork P1", "P1 exit", "P0 exit"],
            read.Scenario.Steps.Select(step => ScenarioText.Print(step.Operation))
                .Where(line => !line.Contains("mmap", StringComparison.Ordinal) && !line.Contains("write", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("1 munmap(0x7f0000001000", "log:2:3: found 'munmap(0x7f0000001000', expected a line of strace -f, such as ")]
    [InlineData("1 <... munmap resumed>) = 0",
        "log:2:3: found '<... munmap resumed>) = 0', expected the end of a call that this process has begun")]
    [InlineData("1 munmap(x, 4096) = 0", "log:2:3: found 'munmap(x, 4096) = 0', expected an address in the place of 'x'")]
    [InlineData("1 munmap(0x1000) = 0", "log:2:3: found 'munmap(0x1000) = 0', expected 2 arguments")]
    [InlineData("1 shmat(, NULL, 0) = 0x1000",
        "log:2:3: found 'shmat(, NULL, 0) = 0x1000', expected the identifier of a segment in the place of ''")]
    [InlineData("1 shmat(2147483648, NULL, 0) = 0x1000",
        "log:2:3: found 'shmat(2147483648, NULL, 0) = 0x1000', expected the identifier of a segment, below 2^31, in the place of "
        + "'2147483648'")]
    [InlineData("1 mmap(0, 4096, 0x3, 0x22, -1, 0) = 0x1000",
        "log:2:3: found 'mmap(0, 4096, 0x3, 0x22, -1, 0) = 0x1000', expected words such as PROT_READ in the place of '0x3': leave out "
        + "options of strace such as -X raw")]
    public void An_error_tells_the_line_and_what_was_expected(string line, string expected)
    {
        Assert.False(StraceScenario.TryRead($"{Exec}\n{line}\n", "log", out _, out ScenarioError? error));
        Assert.StartsWith(expected, error.ToString(), StringComparison.Ordinal);
    }

    private static Scenario Read(string log)
    {
        Assert.True(StraceScenario.TryRead(log, "log", out StraceScenario? read, out ScenarioError? error), error?.ToString());
        return read.Scenario;
    }

    private static StraceScenario ReadAll(string log, string start = Exec)
    {
        bool isRead = StraceScenario.TryRead($"{start}\n{log}\n", "log", out StraceScenario? read, out ScenarioError? error);
        Assert.True(isRead, error?.ToString());
        return read!;
    }

    /// <summary>What a program does behind its exec.</summary>
    /// <param name="log">The log.</param>
    /// <param name="stack">Where its stack lies: above all that the log names.</param>
    /// <param name="expected">The scenario.</param>
    private static void Holds(string log, int stack, string expected)
    {
        string start = $"option fault-around 16\nP0 exec => 0\nP0 mmap {stack}+33 rw private anon\nP0 write {stack + 32} = 2\n";
        Assert.Equal($"{start}{expected}\n", ScenarioText.Print(Read($"{Exec}\n{log}\n")));
    }
}
