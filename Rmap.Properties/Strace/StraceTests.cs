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
    public void What_execve_mapped_and_what_the_kernel_refused_is_left_out_and_counted()
    {
        Assert.True(StraceScenario.TryRead(
            Exec + "\n1 mprotect(0x7f0000010000, 4096, PROT_READ) = 0\n"
            + "1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 9, 0) = -1 EBADF (Bad file descriptor)\n",
            "log", out StraceScenario? read, out _));
        Assert.Equal([new("mmap", 1), new("mprotect", 1)], read.LeftOut);
        Assert.Equal(3, read.Scenario.Steps.Length);
    }

    [Theory]
    [InlineData("1 munmap(0x7f0000001000", "log:2:3: found 'munmap(0x7f0000001000', expected a line of strace -f, such as ")]
    [InlineData("1 <... munmap resumed>) = 0",
        "log:2:3: found '<... munmap resumed>) = 0', expected the end of a call that this process has begun")]
    [InlineData("1 munmap(x, 4096) = 0", "log:2:1: found 'munmap(x, 4096)', expected an address in the place of 'x'")]
    [InlineData("1 munmap(0x1000) = 0", "log:2:1: found 'munmap(0x1000)', expected 2 arguments")]
    [InlineData("1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = 0x1000",
        "log:2:1: found 'mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0)', expected the path ")]
    [InlineData("7 munmap(0x1000, 4096) = 0", "log:2:1: found 'munmap(0x1000, 4096)', expected a process that an earlier line has made")]
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
