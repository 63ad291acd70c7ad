namespace Rmap.Model.Invariants;

/// <summary>What an invariant speaks of.</summary>
public enum Subject
{
    /// <summary>Address spaces, their VMAs and the entries of their page tables.</summary>
    AddressSpaces,

    /// <summary>Pages, and the entries that map them.</summary>
    Pages,

    /// <summary>Swap slots, and the entries that name them.</summary>
    Swap,

    /// <summary>AVs, and the anonymous pages that belong to them.</summary>
    AnonVmas,

    /// <summary>Files and segments, their pages and the VMAs that map them.</summary>
    Files,

    /// <summary>ksmd, and the pages that it has merged.</summary>
    Ksm,

    /// <summary>What an operation comes to.</summary>
    Operations,

    /// <summary>What does no harm to data, but costs time or memory.</summary>
    Costs,
}

/// <summary>One sentence that holds after every operation, and the check that reads it off the structures.</summary>
public sealed class Invariant
{
    internal Invariant(Subject subject, string id, string sentence, string kernel, Func<Truth, Finding?>? check = null)
    {
        Subject = subject;
        Id = id;
        Sentence = sentence;
        Kernel = kernel;
        Check = check ?? (_ => null);
    }

    /// <summary>What it speaks of.</summary>
    public Subject Subject { get; }

    /// <summary>Its short name, as reports use it.</summary>
    public string Id { get; }

    /// <summary>What holds.</summary>
    public string Sentence { get; }

    /// <summary>Where Linux asserts it or relies on it.</summary>
    public string Kernel { get; }

    /// <summary>
    /// Null if it holds, else what was seen first. Changes nothing, and allocates nothing while it holds. What compares states is judged
    /// elsewhere, and has no check here.
    /// </summary>
    internal Func<Truth, Finding?> Check { get; }

    /// <inheritdoc/>
    public override string ToString() => Id;
}

/// <summary>An invariant that does not hold.</summary>
/// <param name="Invariant">Which.</param>
/// <param name="Saw">What stands in the structures.</param>
/// <param name="Expected">What should stand there.</param>
public sealed record Violation(Invariant Invariant, Telling Saw, Telling Expected)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Invariant.Id}: {Invariant.Sentence}\n  saw: {Saw}\n  expected: {Expected}";
}

/// <summary>What a check found wrong.</summary>
/// <param name="Saw">What stands in the structures.</param>
/// <param name="Expected">What should stand there.</param>
internal sealed record Finding(Telling Saw, Telling Expected);
