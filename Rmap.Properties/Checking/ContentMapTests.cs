using System.Text;
using Rmap.Properties.Running;

namespace Rmap.Properties.Checking;

/// <summary>What is said where VMAs, or what a load or a store comes to, differ from what the content model knows.</summary>
[Trait("Speed", "Quick")]
public class ContentMapTests
{
    private const string TwoFiles = "F0 create 8 tmpfs\nF1 create 8 tmpfs\nP0 mmap 4+2 rw shared F1\nP0 mmap 8+4 rw shared F0@1\n";

    private static readonly (string What, string Scenario, Action<Machine> Change)[] Changes =
    [
        ("read-only", TwoFiles, machine => Vma(machine, 8).Flags &= ~VmFlags.Write),
        ("private", TwoFiles, machine => Vma(machine, 8).Flags &= ~(VmFlags.Shared | VmFlags.MayShare)),
        ("another offset", TwoFiles, machine => Vma(machine, 8).PageOffset++),
        ("one page less at the end", TwoFiles, machine => Vma(machine, 8).Range = PageRange.Of(new(8), 3)),
        ("one page more at the end", TwoFiles, machine => Vma(machine, 8).Range = PageRange.Of(new(8), 5)),
        ("one page less at the beginning", TwoFiles, machine =>
        {
            Vma(machine, 8).PageOffset++;
            Vma(machine, 8).Range = PageRange.Of(new(9), 3);
        }),
        ("one page more at the beginning", TwoFiles, machine => Vma(machine, 8).Range = PageRange.Of(new(7), 5)),
        ("another file", TwoFiles, machine => Replace(machine, new OpenFile(machine.Files.All[1]), offset: 1)),
        ("no file", TwoFiles, machine => Replace(machine, null, offset: 8)),
        ("a file where there was none", "F0 create 8 tmpfs\nP0 mmap 8+4 rw shared anon\nP0 mmap 4+1 r shared F0",
            machine => Replace(machine, new OpenFile(machine.Files.All[0]), offset: 0)),
        ("no VMA", TwoFiles, machine => machine.Processes[0].Mm.Remove(Vma(machine, 8))),
        ("a VMA of a child", TwoFiles + "P0 fork P1", machine => machine.Processes[1].Mm.Vmas[0].Flags |= VmFlags.Exec),
        ("private anonymous memory", "P0 mmap 8+4 r private anon", machine => Vma(machine, 8).Flags |= VmFlags.Write),
    ];

    [Fact]
    public Task What_is_said_of_other_VMAs()
    {
        var told = new StringBuilder();
        foreach ((string what, string scenario, Action<Machine> change) in Changes)
        {
            CheckedMachine run = CheckedRun.After(scenario);
            change(run.Machine);
            Tell(told, what, run.Contents.Compare());
        }

        return Verify(told.ToString());
    }

    [Fact]
    public Task What_is_said_of_other_loads()
    {
        var told = new StringBuilder();
        foreach (object[] row in ContentModelTests.Loads)
        {
            foreach (string outcome in (string[])row[3])
            {
                Step step = ScenarioText.Parse($"{row[1]} => {outcome}").Steps[0];
                string operations = string.Join("; ", $"{row[0]}\n{row[1]}".Split('\n', StringSplitOptions.RemoveEmptyEntries));
                Tell(told, operations, CheckedRun.After((string)row[0]).Contents.Observe(step.Operation, step.Expected!));
            }
        }

        return Verify(told.ToString());
    }

    [Theory]
    [InlineData("P0 mmap 0+1 r private anon", "P0 write 0 = 1", "0", "SIGSEGV: the protection forbids it")]
    [InlineData("P0 mmap 0+1 rw private anon", "P0 write 0 = 1", "SIGSEGV", "the store done")]
    [InlineData("P0 mmap 0+1 rw private anon", "P0 write 0 = 1", "SIGBUS", "the store done")]
    [InlineData("P0 mmap 0+1 rw private anon", "P0 write 1 = 1", "0", "SIGSEGV: nothing is mapped there")]
    [InlineData("F0 create 1 tmpfs\nP0 mmap 0+2 rw private F0", "P0 write 1 = 1", "0", "SIGBUS: beyond the end of the file")]
    [InlineData("P0 mmap 0+1 rw private anon\nP0 write 0 = 1\nP0 reclaim 0\nswap fail-read\nP0 fork P1\nP1 write 0 = 1",
        "P0 write 0 = 1", "SIGSEGV", "the store done, or SIGBUS")]
    public void What_is_said_of_another_store(string operations, string store, string outcome, string expected)
    {
        Step step = ScenarioText.Parse($"{store} => {outcome}").Steps[0];
        Violation violation = Assert.IsType<Violation>(CheckedRun.After(operations).Contents.Observe(step.Operation, step.Expected!));
        Assert.Equal($"P0 stored 1 to page {((Operation.Write)step.Operation).Page}: {outcome}", violation.Saw.ToString());
        Assert.Equal(expected, violation.Expected.ToString());
    }

    private static void Tell(StringBuilder told, string what, Violation? violation)
    {
        Assert.True(violation is not null, what);
        told.Append($"{what}\n    {violation.Invariant}\n    saw       {violation.Saw}\n    expected  {violation.Expected}\n");
    }

    private static VmArea Vma(Machine machine, long page) => machine.Processes[0].Mm.Lookup(new(page))!;

    /// <summary>The VMA of page 8 by one of another file.</summary>
    private static void Replace(Machine machine, OpenFile? file, long offset)
    {
        VmArea vma = Vma(machine, 8);
        vma.Mm.Remove(vma);
        vma.Mm.Insert(new VmArea(vma.Mm, vma.Range, offset, vma.Flags, file));
    }
}
