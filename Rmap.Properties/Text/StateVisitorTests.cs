using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Rmap.Properties.Text;

/// <summary>The telling of the state tells all of it: whoever gives a struct a new field has to say what it is.</summary>
public class StateVisitorTests
{
    /// <summary>Fields that are told nowhere, with the reasons.</summary>
    private static readonly (string Reason, string[] Fields)[] Untold =
    [
        ("a number or name by which a thing is called: the order of the list that it is in tells as much as counts",
            ["AnonVma.Id", "FileList.sharedAnonymousObjects", "Mm.Owner", "Page.Pfn", "StableNode.Id", "SwapSlot.Number"]),
        ("where a thing is in a list or tree, which is told by that",
            ["AnonVmaChain.Node", "Mm.MmList", "PinList.pins", "StableNode.Place", "StablePlace.Left", "StablePlace.Tree",
                "VmArea.Shared"]),
        ("how many things there are, and which numbers are free: follows from the things",
            ["Frames.numbers", "Frames.PageTables", "KsmState.Nodes", "Machine.AnonVmas", "PageTable.InUse", "PageTable.frames",
                "SwapArea.numbers"]),
        ("of the unstable tree, which every pass of ksmd builds anew before it looks into it",
            ["KsmState.FullScans", "KsmState.Unstable", "RmapItem.IsRed", "RmapItem.Left", "RmapItem.Parent", "RmapItem.Right",
                "RmapItem.Sequence", "RmapItem.Tree"]),
        ("what those who watch compare before and after an operation, and nobody else asks for",
            ["FaultInjection.Failed", "FaultInjection.FailedReads", "FaultInjection.Unread", "KsmState.ZeroPagesAstray"]),
        ("told process by process, as processes have no order of their own", ["Machine.processes"]),
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
            foreach (object thing in Structs(machine))
            {
                foreach (FieldInfo field in Fields(thing.GetType()))
                {
                    string name = $"{thing.GetType().Name}.{field.Name.Split('>')[0].TrimStart('<')}";
                    all.Add(name);
                    if (!told.Contains(name) && IsTold(machine, before, thing, field))
                        told.Add(name);
                }
            }

            Assert.Equal(before, FullState.Of(machine));
        }

        Assert.Equal(
            string.Join('\n', Untold.SelectMany(each => each.Fields).Order(StringComparer.Ordinal)), string.Join('\n', all.Except(told)));
    }

    /// <summary>Whether another value of the field makes the telling another, or impossible.</summary>
    private static bool IsTold(Machine machine, string before, object thing, FieldInfo field)
    {
        object? value = field.GetValue(thing);
        foreach (object? other in Others(field.FieldType, value))
        {
            field.SetValue(thing, other);
            try
            {
                if (FullState.Of(machine) != before)
                    return true;
            }
            catch (Exception e) when (e is NullReferenceException or ArgumentNullException)
            {
                return true;
            }
            finally
            {
                field.SetValue(thing, value);
            }
        }

        return false;
    }

    /// <summary>Values that a field could have instead.</summary>
    private static IEnumerable<object?> Others(Type type, object? value)
    {
        if (type == typeof(string))
        {
            yield return value + "x";
        }
        else if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            yield return value is null ? Activator.CreateInstance(inner) : null;
        }
        else if (type.IsEnum)
        {
            yield return Enum.ToObject(type, Convert.ToInt64(value, CultureInfo.InvariantCulture) ^ 1);
        }
        else if (type.IsPrimitive)
        {
            yield return value is bool isSo
                ? !isSo
                : Convert.ChangeType(Convert.ToInt64(value, CultureInfo.InvariantCulture) ^ 1, type, CultureInfo.InvariantCulture);
        }
        else if (type.IsValueType)
        {
            foreach (FieldInfo part in Fields(type))
            {
                foreach (object? other in Others(part.FieldType, part.GetValue(value)))
                {
                    object copy = RuntimeHelpers.GetObjectValue(value)!;
                    part.SetValue(copy, other);
                    yield return copy;
                }
            }
        }
        else
        {
            yield return null;
        }
    }

    /// <summary>The structs of the model that a machine leads to, and the machine.</summary>
    private static List<object> Structs(Machine machine)
    {
        var met = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<object>([machine]);
        while (open.TryPop(out object? thing))
        {
            bool isNew = thing.GetType().IsValueType || met.Add(thing);
            if (isNew && thing is Array array)
                Push(array.Cast<object?>());
            else if (isNew && thing is not string && !thing.GetType().IsPrimitive && !thing.GetType().IsEnum)
                Push(Fields(thing.GetType()).Select(field => field.GetValue(thing)));
        }

        return [.. met.Where(thing => thing is Machine || thing.GetType().Namespace == typeof(Page).Namespace)];

        void Push(IEnumerable<object?> things)
        {
            foreach (object thing in things.OfType<object>().Where(thing => thing is not Delegate and not Type))
                open.Push(thing);
        }
    }

    private static IEnumerable<FieldInfo> Fields(Type type)
    {
        for (Type? declaring = type; declaring is not null && declaring != typeof(object); declaring = declaring.BaseType)
        {
            foreach (FieldInfo field in declaring.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                yield return field;
            }
        }
    }
}
