using System.Reflection;
using Rmap.Properties.Exploring;
using Rmap.Properties.Generating;
using Rmap.Properties.Running;
using Rmap.Properties.Shrinking;

namespace Rmap.Properties.Text;

/// <summary>Whatever depends on the kind of an operation knows each of them: one that was forgotten makes its test here name it.</summary>
[Trait("Speed", "Quick")]
public class OperationTableTests
{
    /// <summary>What there is when an operation is executed: what it names, or nothing.</summary>
    private static readonly Scenario Something = ScenarioText.Parse(
        "P0 mmap 0+1 rw private anon\nP0 mmap 1+1 rw private anon\nP0 write 0 = 1\nF0 create 1 tmpfs\nS0 shmget 1\nP0 pin 0 G0 write"),
        Nothing = ScenarioText.Parse("");

    /// <summary>What asks for the kind of an operation, by its name.</summary>
    private static readonly Dictionary<string, Action<Operation>> Folds = new()
    {
        ["ScenarioText"] = operation => Assert.Equal(operation, ScenarioText.Parse(ScenarioText.Print(operation)).Steps[0].Operation),
        ["Machine, InvariantChecker, ContentModel, Effects, CostChecker"] = operation =>
        {
            Executed(Nothing, operation);
            Executed(Something, operation);
        },
        ["Refusals"] = operation =>
        {
            if (operation is Operation.ByProcess call)
                new Refusals(new ContentSpace(), MachineOptions.Default, outOfMemory: false, vmas: 0).Of(call);
        },
        ["Explorer"] = operation => Explorer.IsLikeAnother(new Machine(new Linux618()), operation),
        ["OperationChooser"] = operation => OperationChooser.KindOf(operation),
        ["Cost"] = operation => Cost.Of([operation]),
        ["OperationRewriter"] = operation => Assert.Equal(operation, new OperationRewriter.Same().Rewrite(operation)),
        ["Simpler"] = operation => Assert.All(Simpler.Forms(operation), Assert.NotNull),
        ["Vocabulary"] = operation => Assert.NotEmpty(Vocabulary.Of([operation])),
        ["CText"] = operation => Assert.NotEmpty(CText.Of(Scenario.Of(operation))),
    };

    public static TheoryData<string> Names => [.. Folds.Keys];

    private static IEnumerable<Operation> OneOfEach => OperationTable.Rows.Select(row => row.Through(row.Blank, new Usual()));

    [Fact]
    public void Every_operation_has_a_row_that_makes_it_anew()
    {
        IEnumerable<Type> all = typeof(Operation).GetNestedTypes(BindingFlags.Public).Where(type => type.IsSealed);
        Assert.Equal([.. all.Order(ByName)], [.. OperationTable.Rows.Select(row => row.Blank.GetType()).Order(ByName)]);
        Assert.All(OneOfEach, operation => Assert.Equal(operation, OperationTable.Through(operation, new OperationRewriter.Same())));
    }

    [Fact]
    public void No_two_rows_are_called_the_same()
    {
        Assert.Distinct(OperationTable.Rows.Select(row => $"{row.Subject} {row.Verb}"));
        Assert.Distinct(OperationTable.Rows.Select(row => row.Json).OfType<string>());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_operation_is_known_to(string fold) => Assert.All(OneOfEach, Folds[fold]);

    private static void Executed(Scenario before, Operation operation)
    {
        var machine = new CheckedMachine(new Linux618(), MachineOptions.Default);
        foreach (Operation each in before.Steps.Select(step => step.Operation).Append(operation))
            Assert.Null(machine.Execute(each, out _));
    }

    private sealed class Usual : Operands
    {
        internal override ProcessId Process(ProcessId process, string json) => new(json == "child" ? 1 : 0);

        internal override string Name(string name, string json) => json == "seg" ? "S0" : "F0";

        internal override PageRange Range(PageRange range, string start = "", string length = "") => PageRange.Of(new(0), 1);

        internal override VirtualPage To(VirtualPage page, long pages) => new(1);

        internal override T Word<T>(T value, Words<T> words) => words.All[0].Value;

        internal override int Number(int number, string notation, string what) => 2;

        internal override (VirtualPage? Target, long NewLength, MremapFlags Flags) Move(Operation.Mremap mremap) =>
            (new VirtualPage(3), 1, MremapFlags.MayMove | MremapFlags.Fixed);
    }

    private static Comparer<Type> ByName => Comparer<Type>.Create((one, other) => string.CompareOrdinal(one.Name, other.Name));
}
