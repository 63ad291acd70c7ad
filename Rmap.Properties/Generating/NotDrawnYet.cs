namespace Rmap.Properties.Generating;

/// <summary>What the grammar has and the generator does not draw yet, so that seeds go on giving what they gave.</summary>
internal static class NotDrawnYet
{
    private const int Advice = 13;

    private static readonly string[] Verbs = ["pkey-mprotect", "mseal", "mlockall", "munlockall", "rlimit-memlock", "mdwe"];

    /// <summary>The rows that are drawn.</summary>
    internal static OperationRow[] Rows { get; } = [.. OperationTable.Rows.Where(row => !Verbs.Contains(row.Verb))];

    /// <summary>How many of an operand's words are drawn; 0 if nothing is.</summary>
    internal static int Drawn<T>(Words<T> words) => ReferenceEquals(words, Words.MapLocked) ? 0
        : ReferenceEquals(words, Words.Advice) ? Advice : words.All.Length;

    /// <summary>Whether a production is one of these.</summary>
    internal static bool Has(string production) => Verbs.Any(verb => production.StartsWith($"P {verb} ", StringComparison.Ordinal))
        || production.StartsWith("P mmap locked ", StringComparison.Ordinal)
        || Words.Advice.All[Advice..].Any(each => production == $"P madvise advice {each.Word}");
}
