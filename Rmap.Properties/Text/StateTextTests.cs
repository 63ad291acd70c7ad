using Rmap.Properties.Reporting;

namespace Rmap.Properties.Text;

[Trait("Speed", "Quick")]
public class StateTextTests
{
    private const string Fork = """
        P0 mmap 16+2 rw private anon
        P0 write 16 = 7
        P0 read 17
        P0 fork P1
        """;

    [Fact]
    public void The_state_is_told_in_columns() => Assert.Equal(
        """
        PROCESSES
        P0
          vma 16+2      rw-  private   anon@16     A1    [A1]            account
          pte 16        f1     dirty young
          pte 17        zero   young
        P1
          vma 16+2      rw-  private   anon@16     A2    [A2 A1]         account
          pte 16        f1     dirty
          pte 17        zero

        PAGES
        f1      A1@16         value 7    mapcount 2   refcount 2   swapbacked
          rmap  P0 16, P1 16

        ANON_VMAS
        A1      root A1  parent A1  children 2  active 1  refcount 2
          rb_root P0 16+2        @16..17
          rb_root P1 16+2        @16..17
        A2      root A1  parent A1  children 0  active 1  refcount 1
          rb_root P1 16+2        @16..17

        """,
        StateText.Of(After(Fork)));

    [Fact]
    public void The_example_of_the_page_about_states_is_true() =>
        Assert.Equal(Docs.FirstExample("state.md"), StateText.Of(After(Fork + "\nP1 write 16 = 8")));

    [Fact]
    public void Only_what_changed_is_told_below_what_it_belongs_to()
    {
        Machine machine = After(Fork);
        var names = new StateNames();
        string before = StateText.Of(machine, names);
        machine.Execute(new Operation.Write(new ProcessId(1), new VirtualPage(16), 8));
        Assert.Equal(
            """
              PROCESSES
              P1
            -   pte 16        f1     dirty
            +   pte 16        f2     writable dirty young
              PAGES
            - f1      A1@16         value 7    mapcount 2   refcount 2   swapbacked
            + f1      A1@16         value 7    mapcount 1   refcount 1   swapbacked
            -   rmap  P0 16, P1 16
            +   rmap  P0 16, (P1 16)
            + f2      A2@16         value 8    mapcount 1   refcount 1   anonexclusive swapbacked
            +   rmap  P1 16

            """,
            StateDiff.Of(before, StateText.Of(machine, names)));
    }

    [Fact]
    public void Nothing_is_told_of_what_stayed()
    {
        string state = StateText.Of(After(Fork));
        Assert.Equal("", StateDiff.Of(state, state));
    }

    [Fact]
    public void A_difference_holds_every_line_that_went_and_came()
    {
        string before = StateText.Of(After(Fork + "\nP1 exit"));
        string after = StateText.Of(After(Fork + "\nP0 mremap 16+1 -> 40+1\nP0 exit"));
        string[] lines = StateDiff.Of(before, after).Split('\n');
        Assert.All(Lines(before).Except(Lines(after)), line => Assert.Contains("- " + line, lines));
        Assert.All(Lines(after).Except(Lines(before)), line => Assert.Contains("+ " + line, lines));
    }

    [Fact]
    public void Names_count_in_order_of_first_use_and_are_not_recycled_while_remembered()
    {
        Machine machine = After("P0 mmap 1+2 rw private anon\nP0 write 1 = 1\nP0 write 2 = 2");
        var names = new StateNames();
        Assert.Contains("pte 2         f2", StateText.Of(machine, names), StringComparison.Ordinal);
        machine.Execute(new Operation.Madvise(new ProcessId(0), PageRange.Of(new VirtualPage(1), 1), Advice.DontNeed));
        machine.Execute(new Operation.Write(new ProcessId(0), new VirtualPage(1), 3));
        Assert.Contains("pte 1         f3", StateText.Of(machine, names), StringComparison.Ordinal);
        Assert.Contains("pte 1         f1", StateText.Of(machine), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_swap_and_ksm_are_told_where_there_are_any() => Assert.Equal(
        """
        PROCESSES
        P0
          vma 1+2       rw-  private   anon@1      A1    [A1]            account mergeable
          vma 8+3       rw-  private   anon@8      A2    [A2]            account
          vma 12+2      r--  shared    F0@1        -     []
          pte 1         f1     young
          pte 2         f1     young
          pte 8         s1     exclusive
          pte 12        f2     young

        PAGES
        f1      K1@2          value 5    mapcount 2   refcount 2   swapbacked dirty referenced
          rmap  P0 2, P0 1
        f2      F0@1          value 9    mapcount 1   refcount 2   swapbacked dirty referenced
          rmap  P0 12
        f3      F0@0          value 9    mapcount 0   refcount 1   swapbacked dirty referenced

        ANON_VMAS
        A1      root A1  parent A1  children 1  active 1  refcount 3
          rb_root P0 1+2         @1..2
        A2      root A2  parent A2  children 1  active 1  refcount 1
          rb_root P0 8+3         @8..10

        FILES
        F0        tmpfs             pages 2
          i_mmap P0 12+2         @1..2
          cached @0     f3
          cached @1     f2

        SWAP
        s1      count 1   value 3

        KSM
        shared 1  sharing 1  unshared 0  volatile 0
        K1      f1      items 2
          P0 2  A1
          P0 1  A1
        slot P0
          1          K1
          2          K1

        """,
        StateText.Of(After("""
            P0 mmap 1+2 rw private anon
            P0 write 1 = 5
            P0 write 2 = 5
            P0 madvise 1+2 mergeable
            ksm scan
            F0 create 2 tmpfs = 9
            P0 mmap 8+3 rw private anon
            P0 write 8 = 3
            P0 reclaim 8
            P0 mmap 12+2 r shared F0@1
            P0 read 12
            """)));

    [Fact]
    public void A_broken_state_is_told_as_well()
    {
        Machine machine = After(
            "P0 mmap 1+2 rw private anon\nP0 write 1 = 5\nP0 write 2 = 5\nP0 madvise 1+2 mergeable\nksm scan", new NoAnonVma());
        Assert.Contains("\n  rmap  nothing: an rmap_item has no AV\n", StateText.Of(machine), StringComparison.Ordinal);
        Assert.StartsWith("flowchart LR\n", MermaidText.Of(machine), StringComparison.Ordinal);
    }

    [Fact]
    public void The_graph_shows_vmas_chains_mappings_and_entries() => Assert.Equal(
        """
        flowchart LR
          subgraph P0["P0"]
            P0v16["16+2 rw"]
          end
          subgraph P1["P1"]
            P1v16["16+2 rw"]
          end
          A1(["A1"])
          A2(["A2"])
          f1["f1 = 7"]
          P0v16 == "avc 1" ==> A1
          P0v16 -- "16" --> f1
          P1v16 == "avc 1" ==> A2
          P1v16 -- "avc 2" --> A1
          P1v16 -- "16" --> f1
          A2 -. parent .-> A1
          f1 -. "@16" .-> A1

        """,
        MermaidText.Of(After(Fork)));

    private static IEnumerable<string> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static Machine After(string text, Rules? rules = null)
    {
        var machine = new Machine(rules);
        foreach (Step step in ScenarioText.Parse(text).Steps)
            machine.Execute(step.Operation);

        return machine;
    }

    private sealed class NoAnonVma : Rules
    {
        public override AnonVma AnonVmaForRmapItem(VmArea vma) => null!;

        public override bool Skips(LinuxStep step) => step == LinuxStep.KsmItemHoldsAnonVma;
    }
}
