using System.Reflection;

namespace Rmap.Properties.Text;

/// <summary>
/// One value in the state of a machine: a field of a struct, or, where that is a value made of others, one of these. So a value of which
/// only a part is told is found out.
/// </summary>
internal sealed class StateLeaf
{
    private readonly Func<object?> get;
    private readonly Action<object?> set;

    private StateLeaf(string name, Type type, Func<object?> get, Action<object?> set)
    {
        Name = name;
        Type = type;
        this.get = get;
        this.set = set;
    }

    /// <summary>The struct and the fields that lead to it.</summary>
    internal string Name { get; }

    /// <summary>What it may be.</summary>
    internal Type Type { get; }

    /// <summary>What it is; to be changed in place.</summary>
    internal object? Value
    {
        get => get();
        set => set(value);
    }

    /// <summary>All of a machine: those of the structs that it leads to, and of the values that their tables hold.</summary>
    internal static IEnumerable<StateLeaf> Of(Machine machine)
    {
        foreach (object thing in Reached(machine))
        {
            if (thing is Array array)
            {
                Type element = array.GetType().GetElementType()!;
                for (int i = 0; i < array.Length && element.Namespace == typeof(Page).Namespace && element.IsValueType; i++)
                {
                    int place = i;
                    var whole = new StateLeaf(element.Name, element, () => array.GetValue(place), value => array.SetValue(value, place));
                    foreach (StateLeaf leaf in whole.Parts())
                        yield return leaf;
                }
            }
            else if (IsStruct(thing.GetType()))
            {
                foreach (FieldInfo field in Fields(thing.GetType()))
                {
                    string name = $"{thing.GetType().Name}.{NameOf(field)}";
                    var whole = new StateLeaf(name, field.FieldType, () => field.GetValue(thing), value => field.SetValue(thing, value));
                    foreach (StateLeaf leaf in whole.Parts())
                        yield return leaf;
                }
            }
        }
    }

    /// <summary>Whether it is one of the structs that make up a machine.</summary>
    internal static bool IsStruct(Type type) => type == typeof(Machine) || type.Namespace == typeof(Page).Namespace;

    /// <summary>What the source calls a field, or the property that it stands for.</summary>
    internal static string NameOf(FieldInfo field) => field.Name.Split('>')[0].TrimStart('<');

    /// <summary>What it is made of: itself, or the parts of a value. Whether there is a value is a part, too.</summary>
    private IEnumerable<StateLeaf> Parts()
    {
        Type? optional = Nullable.GetUnderlyingType(Type);
        Type type = optional ?? Type;
        bool hasParts = type.IsValueType && !type.IsPrimitive && !type.IsEnum;
        if (!hasParts || optional is not null)
            yield return this;

        if (!hasParts || Value is null)
            yield break;

        foreach (StateLeaf leaf in Fields(type).SelectMany(field => Part(field).Parts()))
            yield return leaf;
    }

    private StateLeaf Part(FieldInfo field) => new($"{Name}.{NameOf(field)}", field.FieldType, () => field.GetValue(Value), part =>
    {
        object changed = Value!;
        field.SetValue(changed, part);
        Value = changed;
    });

    /// <summary>All objects that a machine leads to, and the machine.</summary>
    private static HashSet<object> Reached(Machine machine)
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

        return met;

        void Push(IEnumerable<object?> things)
        {
            foreach (object thing in things.OfType<object>().Where(thing => thing is not Delegate and not System.Type))
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
