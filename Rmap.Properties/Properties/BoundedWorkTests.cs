using Rmap.Properties.Running;

namespace Rmap.Properties.Properties;

/// <summary>
/// The work that an operation makes is bounded by what exists, not by the length of a range: each of these, done page by page, would take
/// hours. And memory is a number.
/// </summary>
[Trait("Speed", "Quick")]
public class BoundedWorkTests
{
    private const string Sparse = """
        P0 mmap 4096+17179869184 rw private anon noreserve
        P0 write 4096 = 1
        P0 write 8589934592 = 2
        P0 write 17179873279 = 3
        """;

    [Theory]
    [InlineData("P0 fork P1 => 1\nP1 read 8589934592 => 2")]
    [InlineData("P0 munmap 4096+17179869184 => 0")]
    [InlineData("P0 mprotect 4096+17179869184 r => 0\nP0 read 17179873279 => 3")]
    [InlineData("P0 mlock 4096+17179869184 onfault => 0\nP0 munlock 4096+17179869184 => 0")]
    [InlineData("P0 mincore 4096+17179869184 => 3")]
    [InlineData("P0 msync 4096+17179869184 => 0")]
    [InlineData("P0 msync 9223372036854775807+5 => ENOMEM\nP0 msync 5+0 => 0")]
    [InlineData("P0 madvise 4096+17179869184 cold => 0\nP0 madvise 4096+17179869184 pageout => 0\nP0 read 8589934592 => 2")]
    [InlineData("P0 madvise 4096+17179869184 dontneed => 0\nP0 read 8589934592 => 0")]
    [InlineData("P0 madvise 4096+17179869184 mergeable => 0\nksm scan 3 => 3\nP0 madvise 4096+17179869184 unmergeable => 0")]
    [InlineData("P0 mremap 4096+8589934592 -> 17179873280+8589934592 => 17179873280\nP0 read 17179873280 => 1")]
    [InlineData("P0 mremap 4096+17179869184 -> 17179873280+17179869184 => EINVAL")]
    [InlineData("P0 mmap 0+1 rw private anon\nP0 uffd-move 4097+4000 -> 17179873280")]
    [InlineData("P0 mmap 17179873280+8589934592 rw private anon noreserve\nP0 uffd-move 4096+8589934592 -> 17179873280 => EAGAIN")]
    public void A_sparse_range_is_passed_over(string operations) => Holds($"{Sparse}\n{operations}\n");

    [Theory]
    [InlineData("ext4", 4294967295)]
    [InlineData("tmpfs", 2251799813685247)]
    public void So_is_a_sparse_file(string fileSystem, long pages) => Holds($"""
        F0 create {pages} {fileSystem} => 0
        P0 mmap 64+4294967296 rw shared F0
        P0 write 66 = 1 => 0
        F0 write {pages - 1} = 2 => 0
        F0 fsync => 0
        F0 punch 1+{pages - 2} => 0
        F0 truncate 3 => 0
        F0 truncate {pages} => 0
        P0 read 66 => 0
        """);

    /// <summary>All passes as they are, and with whole rounds left out, end alike.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("option ksm-use-zero-pages")]
    [InlineData("option ksm-max-sharing 2")]
    public void Passes_of_ksmd_that_change_nothing_are_not_made(string option)
    {
        string scenario = $"""
            {option}
            P0 mmap 0+12 rw private anon
            P0 madvise 0+12 mergeable
            P0 write 0 = 1
            P0 write 1 = 1
            P0 write 2 = 1
            P0 write 3 = 0
            P0 write 5 = 0
            P0 write 6 = 4
            P0 fork P1
            P1 write 0 = 4
            P1 pin 6 G0
            P0 write 7 = 4
            P0 reclaim 2
            """;
        string Last(string scan) => StateText.Of(After($"{scenario}\n{scan}\n"));
        Assert.Equal(Last(string.Join('\n', Enumerable.Repeat("ksm scan 10", 15))), Last("ksm scan 150"));
        Assert.Equal(Last(string.Join('\n', Enumerable.Repeat("ksm scan 13", 13))), Last("ksm scan 169"));
        Holds($"{scenario}\nksm scan 2147483647 => 2147483647\nksm scan 2147483647 => 2147483647\n");
    }

    [Theory]
    [InlineData("P0 mmap 0+34359738367 rw private anon noreserve\nP0 mlock 0+34359738367 => EAGAIN\nP0 write 5 = 1 => 0")]
    [InlineData("P0 mmap 0+34359738367 rw private anon noreserve\nP0 madvise 0+34359738367 populate-write => ENOMEM")]
    [InlineData("P0 mmap 0+34359738367 r private anon\nP0 madvise 0+34359738367 populate-read => ENOMEM")]
    [InlineData("P0 mmap 0+34359738367 rw shared anon\nP0 mlock 0+34359738367 => EAGAIN\nP0 read 5 => 0")]
    [InlineData("F0 create 4294967295 ext4\nP0 mmap 0+4294967295 rw shared F0\nP0 madvise 0+4294967295 populate-read => ENOMEM")]
    [InlineData("F0 create 500 tmpfs = 1 => ENOSPC\nF0 create 200 tmpfs = 1 => 0\nP0 mmap 0+200 r shared F0\nP0 read 199 => 1")]
    public void Memory_runs_out(string operations) => Holds($"option frames 256\n{operations}\n");

    [Fact]
    public void An_access_for_which_there_is_no_memory_kills_its_process_and_all_that_share_its_memory() => Holds("""
        option frames 64
        P0 mmap 0+128 rw private anon
        P0 write 0 = 1
        P0 fork P1
        P1 clone-vm P2
        P1 madvise 0+128 populate-write => ENOMEM
        P2 write 120 = 1 => SIGKILL
        P1 read 0 => ESRCH
        P2 read 0 => ESRCH
        P0 read 0 => 1
        P0 write 1 = 1 => 0
        """);

    /// <summary>What waits to be munlocked holds a reference until the batch is drained.</summary>
    [Fact]
    public void Whoever_is_killed_leaves_no_mlocked_page() => Holds("""
        option frames 16
        P0 mmap 0+8 rw private anon
        P0 mlock 0+8
        P0 mmap 32+64 rw private anon
        P0 madvise 32+64 populate-write => ENOMEM
        P0 write 95 = 7 => SIGKILL
        """);

    [Fact]
    public void The_memory_is_the_default_one_if_nothing_is_said()
    {
        Assert.Equal(1 << 18, ScenarioText.Parse("P0 exit").Options.Frames);
        Assert.Equal(7, ScenarioText.Parse("option frames 7\nP0 exit").Options.Frames);
    }

    private static Machine After(string scenario)
    {
        Scenario parsed = ScenarioText.Parse(scenario);
        var machine = new Machine(options: parsed.Options);
        foreach (Step step in parsed.Steps)
            machine.Execute(step.Operation);

        return machine;
    }

    private static void Holds(string text)
    {
        Scenario scenario = ScenarioText.Parse(text);
        var run = new CheckedMachine(new Linux618(), scenario.Options);
        foreach (Step step in scenario.Steps)
        {
            Violation? violation = run.Execute(step.Operation, out Outcome? outcome);
            Assert.True(violation is null, $"{ScenarioText.Print(step.Operation)}: {violation}");
            Assert.True(step.Accepts(outcome!), $"{ScenarioText.Print(step.Operation)} => {outcome}, expected {step.Expected}");
        }
    }
}
