using Rmap.Properties.Running;

namespace Rmap.Properties.Exploring;

/// <summary>What the explorer promises: shortest scenarios, whatever the number of threads, and no state taken for another.</summary>
public class ExplorerTests
{
    /// <summary>The page is looked for one page too far up.</summary>
    private sealed class OffByOne : Rules
    {
        public override VirtualPage? VmaAddress(VmArea vma, long index, long first) => base.VmaAddress(vma, index, first) + 1;
    }

    /// <summary>Fork leaves the parent's entries writable.</summary>
    private sealed class ParentStaysWritable : Rules
    {
        public override bool Skips(LinuxStep step) => step == LinuxStep.ForkWriteProtectsParent;
    }

    public static TheoryData<string> Names => [.. Alphabets.All.Select(alphabet => alphabet.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Sound_rules_hold_in_all_short_scenarios(string name)
    {
        Exploration all = new Explorer(new Linux618(), Find(name), new ExplorationLimits(3)).Run();
        Assert.Null(all.Shortest);
        Assert.Equal(3, all.Length);
    }

    [Fact]
    public void A_mistake_is_found_in_its_shortest_scenario()
    {
        Assert.Equal(2, new Explorer(new OffByOne(), Find("fork"), new ExplorationLimits(5)).Run().Shortest!.Steps.Length);
        Exploration found = new Explorer(new ParentStaysWritable(), Find("fork"), new ExplorationLimits(5)).Run();
        Assert.Equal(3, found.Shortest!.Steps.Length);
        Assert.Equal(2, found.Length);
        Assert.Equal(2, found.Failure!.Step);
        Assert.Equal(
            found.Failure.Violation.Invariant,
            ScenarioRunner.FirstFailure(found.Shortest, new ParentStaysWritable())!.Violation.Invariant);
    }

    [Fact]
    public void Another_invariant_than_the_one_that_is_looked_for_ends_a_scenario() =>
        Assert.Null(new Explorer(new OffByOne(), Find("fork"), new ExplorationLimits(4), "content").Run().Shortest);

    [Fact]
    public void Threads_change_nothing()
    {
        Exploration one = new Explorer(new ParentStaysWritable(), Find("ksm"), new ExplorationLimits(4)).Run();
        Exploration several = new Explorer(new ParentStaysWritable(), Find("ksm"), new ExplorationLimits(4, Workers: 4)).Run();
        Assert.Equal(one.Shortest, several.Shortest);
        Assert.Equal((one.States, one.Tried), (several.States, several.Tried));
    }

    /// <summary>A merge that fails for lack of memory is done without, and what it would have moved may be gone.</summary>
    [Fact]
    public void That_an_allocation_failed_is_known_when_operations_are_repeated_unchecked()
    {
        Scenario scenario = ScenarioText.Parse("""
            P0 mmap 0+1 rw private anon
            P0 fail-nth 3
            P0 mremap 0+1 -> 2+1
            P0 mmap 1+1 rw private anon
            """);
        Operation[] operations = [.. scenario.Steps.Select(step => step.Operation)];
        Assert.Null(ScenarioRunner.FirstFailure(operations, scenario.Options, new Linux618(), known: operations.Length - 1));
    }

    [Fact]
    public void Processes_have_no_order() => Assert.Equal(
        Fingerprint("P0 mmap 0+1 rw private anon\nP0 write 0 = 1\nP0 fork P1\nP1 fork P2\nP1 write 0 = 0\nP0 exit"),
        Fingerprint("P0 mmap 0+1 rw private anon\nP0 write 0 = 1\nP0 fork P2\nP2 fork P1\nP2 write 0 = 0\nP0 exit"));

    [Theory]
    [InlineData("P0 read 0", "P0 write 0 = 0")]
    [InlineData("P0 write 0 = 1", "P0 write 0 = 2")]
    [InlineData("P0 write 0 = 1", "P0 write 0 = 1\nP0 fork P1\nP1 exit")]
    [InlineData("P0 write 0 = 1", "P0 write 0 = 1\nP0 reclaim 0\nP0 read 0")]
    [InlineData("P0 madvise 0+1 mergeable", "P0 madvise 0+1 mergeable\nP0 write 0 = 0\nksm scan 1")]
    public void States_that_differ_have_other_fingerprints(string one, string other)
    {
        const string before = "P0 mmap 0+1 rw private anon\n";
        Assert.NotEqual(Fingerprint(before + one), Fingerprint(before + other));
    }

    /// <summary>Of a page table without entries nothing is seen, until a fork copies the table.</summary>
    [Fact]
    public void States_that_differ_in_an_empty_page_table_only_have_other_fingerprints()
    {
        const string table = "P0 mmap 0+2 rw private anon\nP0 uffd-move 0+1 -> 1";
        const string noTable = "P0 mmap 0+2 rw private anon\nP0 read 0\nP0 uffd-move 0+1 -> 1\nP0 madvise 1+1 dontneed";
        Assert.Equal(StateText.Of(At(table).Machine), StateText.Of(At(noTable).Machine));
        Assert.NotEqual(Fingerprint(table), Fingerprint(noTable));
        Assert.NotEqual(Forked(table), Forked(noTable));
        static Outcome Forked(string scenario) =>
            At(scenario + "\nP0 fail-nth 7").Machine.Execute(new Operation.Fork(new ProcessId(0), new ProcessId(1)));
    }

    /// <summary>Else a scenario would not be continued although it could come to something that no other comes to.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_taken_for_the_same_leads_to_the_same(string name)
    {
        Alphabet alphabet = Find(name);
        var first = new Dictionary<UInt128, Operation[]>();
        List<Operation[]> paths = [[]];
        int compared = 0;
        for (int length = 0; length < 3; length++)
        {
            var longer = new List<Operation[]>();
            foreach ((Operation[] path, UInt128 fingerprint) in paths.SelectMany(path => Longer(path, alphabet)))
            {
                if (first.TryAdd(fingerprint, path))
                {
                    longer.Add(path);
                }
                else if (compared++ % 7 == 0)
                {
                    UInt128[] expected = Successors(first[fingerprint], alphabet);
                    Assert.True(
                        expected.SequenceEqual(Successors(path, alphabet)),
                        $"Taken for the same:\n{Scenario.Of(first[fingerprint])}and\n{Scenario.Of(path)}");
                }
            }

            paths = longer;
        }

        Assert.InRange(compared, 10, 100_000);
    }

    /// <summary>The states that operations lead to from here; a process may be called otherwise, so they have no order.</summary>
    private static UInt128[] Successors(Operation[] path, Alphabet alphabet) =>
        [.. Longer(path, alphabet).Select(next => next.Fingerprint).Distinct().Order()];

    private static IEnumerable<(Operation[] Path, UInt128 Fingerprint)> Longer(Operation[] path, Alphabet alphabet) =>
        alphabet.Operations.Where(operation => !Explorer.IsLikeAnother(At(path, alphabet).Machine, operation))
            .Select(operation => ((Operation[])[.. path, operation], new Fingerprint().Of(At([.. path, operation], alphabet))));

    private static CheckedMachine At(Operation[] path, Alphabet alphabet)
    {
        var run = new CheckedMachine(new Linux618(), alphabet.Options);
        run.Repeat(path);
        return run;
    }

    private static UInt128 Fingerprint(string scenario) => new Fingerprint().Of(At(scenario));

    private static CheckedMachine At(string scenario) =>
        At([.. ScenarioText.Parse(scenario).Steps.Select(step => step.Operation)], Alphabets.All[0]);

    private static Alphabet Find(string name) => Alphabets.All.Single(alphabet => alphabet.Name == name);
}
