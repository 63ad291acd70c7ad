using Rmap.Regressions.Recordings;

namespace Rmap.Regressions.Host;

/// <summary>What of the model is compared with a running kernel, and under which rules.</summary>
public class HostViewTests
{
    [Fact]
    public void A_view_tells_VMAs_and_pages_as_proc_does()
    {
        var machine = new Machine();
        foreach (Step step in ScenarioText.Parse(
            """
            F0 create 2 tmpfs = 3
            P0 mmap 16+4 rw private anon
            P0 mmap 32+1 rx shared F0@1
            P0 mmap 40+1 rw shared anon
            P0 write 16 = 1
            P0 write 17 = 1
            P0 read 18
            P0 read 32
            P0 fork P1
            P1 write 16 = 2
            P1 munmap 17+24
            P0 mlock 17+1
            """).Steps)
        {
            machine.Execute(step.Operation);
        }

        Assert.Equal(
            [
                "P0 vma 16+1 rw-p anon",
                "P0 vma 17+1 rw-p anon",
                "P0 vma 18+2 rw-p anon",
                "P0 vma 32+1 r-xs F0@1",
                "P0 vma 40+1 rw-s shmem@0",
                "P0 page 16 f1 anon mapcount 1",
                "P0 page 17 f2 anon mapcount 1 exclusive unevictable",
                "P0 page 18 zero",
                "P0 page 32 f3 file mapcount 1",
                "P1 vma 16+1 rw-p anon",
                "P1 page 16 f4 anon mapcount 1 exclusive",
            ],
            HostView.Of(machine).Lines);
    }

    [Theory]
    [InlineData("6.18.44", "linux-6.18")]
    [InlineData("6.17.1", "linux-6.12")]
    [InlineData("7.2.13", "linux-7.2")]
    [InlineData("7.9", "linux-7.3")]
    [InlineData("5.15.0", "linux-6.1")]
    public void The_rules_are_those_of_the_nearest_older_version(string version, string rules) =>
        Assert.Equal(rules, KernelRules.Nearest(Version.Parse(version)).Name);

    [Theory]
    [InlineData("Linux 7.3.4 x86_64", null, "linux-7.3")]
    [InlineData("Linux 6.1.192 x86_64", null, "linux-6.1")]
    [InlineData("Linux 7.4.0-rc1 x86_64", null, "linux-7.3: there are no rules of this version, and these are the nearest")]
    [InlineData("Linux 6.17-um x86_64", null, "linux-6.12: there are no rules of this version, and these are the nearest")]
    [InlineData("a kernel", null, "linux-6.18: there are no rules of this version, and these are the nearest")]
    [InlineData("Linux 7.3.4 x86_64", "linux-7.2", "linux-7.2, as was asked for")]
    public void A_kernel_is_told_which_rules_it_is_compared_with(string kernel, string? asked, string told) =>
        Assert.Equal(told, KernelRules.Describe(kernel, asked is null ? KernelRules.Of(kernel) : RulesCatalogue.Linux.Find(asked)!));
}
