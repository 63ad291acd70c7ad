namespace Rmap.Model.State;

/// <summary>What a field is to the model.</summary>
public enum Role
{
    /// <summary>The state itself: what is mapped where, and what it holds.</summary>
    Truth,

    /// <summary>An index of it, which the reverse mapping and the counters keep and the invariants test.</summary>
    Index,

    /// <summary>What mechanisms remember to choose well: nothing is right or wrong by it.</summary>
    Hint,

    /// <summary>What follows from other fields, or what nothing but a reader asks for.</summary>
    Report,
}

/// <summary>
/// The one telling of the state: which fields there are, what they are called, in which order they come. Whoever reads a whole state
/// derives from it and says what becomes of a number, of a reference and so on: the text, the explorer's fingerprint, the comparison with
/// recordings, equality in tests. What a struct refers to is not told with it, but when the deriving class visits it: so each decides
/// what it follows, and how it knows again what it has met. What it does not override it passes over. The structs know nothing of it.
/// </summary>
public abstract partial class StateVisitor
{
    /// <summary>A number, or a value that has one.</summary>
    /// <param name="field">What it is, in the kernel's words where it has any.</param>
    /// <param name="value">The number.</param>
    /// <param name="role">What it is to the model.</param>
    protected virtual void Number(string field, long value, Role role = Role.Truth)
    {
    }

    /// <summary>A reference to another struct; where the struct has a list of them, one for each element.</summary>
    /// <param name="field">What it is.</param>
    /// <param name="thing">The other struct, or null.</param>
    /// <param name="role">What it is to the model.</param>
    protected virtual void Thing(string field, object? thing, Role role = Role.Truth)
    {
    }

    /// <summary>Something that is so or not.</summary>
    protected virtual void Fact(string field, bool isSo, Role role = Role.Truth) => Number(field, isSo ? 1 : 0, role);

    /// <summary>The end of a list, or of what is kept in a tree or a table.</summary>
    protected virtual void End()
    {
    }

    /// <summary>A name that scenarios use.</summary>
    protected virtual void Name(string name)
    {
        foreach (char letter in name)
            Number("letter", letter);

        End();
    }

    /// <summary>A reference from a list with keys.</summary>
    protected virtual void Item(string list, long key, object thing)
    {
        Number(list, key);
        Thing(list, thing);
    }

    /// <summary>An interval of a tree, by which a VMA is found.</summary>
    protected virtual void Interval(string tree, long start, long last, VmArea vma)
    {
        Number(tree, start, Role.Index);
        Number(tree, last, Role.Index);
        Thing(tree, vma, Role.Index);
    }

    /// <summary>A page-table entry that is not none.</summary>
    protected virtual void Entry(VirtualPage page, Pte pte)
    {
        Number("pte", page.Number);
        Number("kind", (long)pte.Kind);
        Number("bits", (long)(pte.Bits & ~PteBits.Young));
        Fact("young", pte.IsYoung, Role.Hint);
        Thing("target", pte.Target);
    }

    private void Things<T>(string list, IReadOnlyList<T> things, Role role = Role.Truth) where T : class
    {
        for (int i = 0; i < things.Count; i++)
            Thing(list, things[i], role);

        End();
    }

    private void Items<T>(string list, SortedDictionary<long, T> things) where T : class
    {
        foreach ((long key, T thing) in things)
        {
            Item(list, key, thing);
        }

        End();
    }
}
