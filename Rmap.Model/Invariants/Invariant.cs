namespace Rmap.Model.Invariants;

/// <summary>One sentence that holds after every operation, and the check that reads it off the structures.</summary>
public sealed class Invariant
{
    internal Invariant(string id, string sentence, string kernel, Func<Truth, Finding?> check)
    {
        Id = id;
        Sentence = sentence;
        Kernel = kernel;
        Check = check;
    }

    /// <summary>Its short name, as reports use it.</summary>
    public string Id { get; }

    /// <summary>What holds.</summary>
    public string Sentence { get; }

    /// <summary>Where Linux asserts it or relies on it.</summary>
    public string Kernel { get; }

    /// <summary>Null if it holds, else what was seen. Changes nothing, and allocates nothing while it holds.</summary>
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
