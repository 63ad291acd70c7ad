using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Rmap.Properties.Text;

/// <summary>The telling of the state tells all of it: whoever gives a struct a new field has to say what it is.</summary>
[Trait("Speed", "Quick")]
public class StateVisitorTests
{
    /// <summary>Fields that are told nowhere, with the reasons.</summary>
    private static readonly (string Reason, string[] Fields)[] Untold =
    [
        ("a number or name by which a thing is called: the order of the list that it is in tells as much as counts",
            ["AnonVma.Id", "FileList.sharedAnonymousObjects", "Mm.Owner.Number", "Page.Pfn.Number", "StableNode.Id", "SwapSlot.Number"]),
        ("where a thing is in a list or tree, which is told by that",
            ["AnonVmaChain.Node", "Mm.MmList", "PinList.pins", "StableNode.Place", "StablePlace.Left", "StablePlace.Tree",
                "VmArea.Shared"]),
        ("where was looked last, to look there first", ["PageTable.recent"]),
        ("asked only while operations are under way: at rest nobody holds on to a table", ["PageTable.Changes"]),
        ("how many things there are: follows from the things", ["Frames.PageTables", "PageTable.InUse", "PageTable.frames"]),
        ("which numbers are free: where what comes next is in the order of numbers, and nothing else, hangs on it",
            ["Frames.numbers", "KsmState.Nodes", "Machine.AnonVmas", "SwapArea.numbers"]),
        ("of the unstable tree, which every pass of ksmd builds anew before it looks into it",
            ["KsmState.FullScans", "KsmState.Unstable", "RmapItem.IsRed", "RmapItem.Left", "RmapItem.Parent", "RmapItem.Right",
                "RmapItem.Sequence", "RmapItem.Tree"]),
        ("what those who watch compare before and after an operation, and nobody else asks for",
            ["FaultInjection.Failed", "FaultInjection.FailedReads", "FaultInjection.Unread", "KsmState.ZeroPagesAstray"]),
        ("of rules under which the memory of one stable node is that of the next, and of no version", ["RmapItem.LeftHead"]),
        ("no state: the settings and the rules", ["Machine.Options", "Machine.Rules"]),
    ];

    [Fact]
    public void Every_field_of_a_struct_is_told_or_need_not_be()
    {
        var all = new SortedSet<string>(StringComparer.Ordinal);
        var told = new HashSet<string>();
        foreach (string scenario in RichState.Sound)
        {
            Machine machine = RichState.After(scenario);
            string before = FullState.Of(machine);
            foreach (StateLeaf leaf in StateLeaf.Of(machine))
            {
                all.Add(leaf.Name);
                if (!told.Contains(leaf.Name) && IsTold(machine, before, leaf))
                    told.Add(leaf.Name);
            }

            Assert.Equal(before, FullState.Of(machine));
        }

        string[] untold = [.. all.Except(told)], listed = [.. Untold.SelectMany(each => each.Fields)];
        None(untold.Except(listed), "told nowhere: say it in StateVisitor, or list it in Untold with a reason");
        None(listed.Except(untold), "listed in Untold, and told or no field any more: take it out of the list");
    }

    /// <summary>What is in a static field is in no machine, and no machine could tell it. One struct is a stand-in without state.</summary>
    [Fact]
    public void No_state_is_static() => None(
        from type in typeof(Machine).Assembly.GetTypes()
        where !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where !field.IsLiteral && (!field.IsInitOnly || StateLeaf.IsStruct(field.FieldType))
            && !field.Name.Contains("__", StringComparison.Ordinal) && NameOf(field) != "StableNode.Null"
        select NameOf(field),
        "static: make it a field of Machine or of one of its structs, and say it in StateVisitor");

    private static string NameOf(FieldInfo field) => $"{field.DeclaringType!.Name}.{StateLeaf.NameOf(field)}";

    private static void None(IEnumerable<string> fields, string complaint)
    {
        string[] all = [.. fields];
        Assert.True(all.Length == 0, $"{string.Join(", ", all)}: {complaint}.");
    }

    /// <summary>Whether another value makes the telling another, or impossible.</summary>
    private static bool IsTold(Machine machine, string before, StateLeaf leaf)
    {
        object? value = leaf.Value;
        foreach (object? other in Others(leaf.Type, value))
        {
            leaf.Value = other;
            try
            {
                if (FullState.Of(machine) != before)
                    return true;
            }
            catch (Exception e) when (e is NullReferenceException or ArgumentNullException or InvalidCastException)
            {
                return true;
            }
            finally
            {
                leaf.Value = value;
            }
        }

        return false;
    }

    /// <summary>Values that could be there instead.</summary>
    private static IEnumerable<object?> Others(Type type, object? value)
    {
        if (type == typeof(string))
            return [value + "x"];

        if (Nullable.GetUnderlyingType(type) is { } inner)
            return [value is null ? Activator.CreateInstance(inner) : null];

        if (type == typeof(bool))
            return [!(bool)value!];

        if (!type.IsEnum && !type.IsPrimitive)
            return [null];

        long flipped = Convert.ToInt64(value, CultureInfo.InvariantCulture) ^ 1;
        return [type.IsEnum ? Enum.ToObject(type, flipped) : Convert.ChangeType(flipped, type, CultureInfo.InvariantCulture)];
    }
}
