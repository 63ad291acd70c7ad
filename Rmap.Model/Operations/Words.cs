namespace Rmap.Model.Operations;

/// <summary>The words of an operand that is one of a few.</summary>
/// <param name="Notation">How the grammar calls the operand.</param>
/// <param name="Json">Its name in JSON.</param>
/// <param name="IsOptional">Whether nothing at all stands for the first of them.</param>
/// <param name="All">The words with what they mean.</param>
internal sealed record Words<T>(string Notation, string Json, bool IsOptional, (string Word, T Value)[] All)
{
    /// <summary>Where a value stands among them, from 0; -1 if it has no word.</summary>
    internal int IndexOf(T value) => Array.FindIndex(All, word => Equals(word.Value, value));
}

/// <summary>The operands of operations that are words.</summary>
internal static class Words
{
    internal static readonly Words<Protection> Prot = Choice(
        "PROT", "prot", ("rw", Protection.Read | Protection.Write), ("r", Protection.Read), ("w", Protection.Write),
        ("rx", Protection.Read | Protection.Exec), ("wx", Protection.Write | Protection.Exec),
        ("rwx", Protection.Read | Protection.Write | Protection.Exec), ("x", Protection.Exec), ("none", Protection.None));

    internal static readonly Words<bool> Shared = Choice("private|shared", "shared", ("private", false), ("shared", true));
    internal static readonly Words<bool> OnOff = Choice("on|off", "on", ("on", true), ("off", false));

    internal static readonly Words<FileSystem> Fs = Choice("tmpfs|ext4", "fs", ("tmpfs", FileSystem.Tmpfs), ("ext4", FileSystem.Ext4));

    internal static readonly Words<MemoryPolicy> Policy = Choice<MemoryPolicy>("POLICY", "policy", "default bind interleave preferred");

    internal static readonly Words<Advice> Advice = Choice<Advice>(
        "ADVICE", "advice",
        "dontneed free remove cold pageout mergeable unmergeable dontfork dofork wipeonfork keeponfork populate-read populate-write "
        + "dontneed-locked dontdump dodump hugepage nohugepage normal random sequential");

    internal static readonly Words<Placement> Placement =
        Option("how", ("fixed", Values.Placement.Fixed), ("noreplace", Values.Placement.NoReplace), ("hint", Values.Placement.Hint));

    internal static readonly Words<GupKind> Gup =
        Option("kind", ("pin", GupKind.Pin), ("write", GupKind.PinWrite), ("get", GupKind.Get), ("longterm", GupKind.LongTerm));

    internal static readonly Words<bool> NoReserve = Option("noReserve", ("", false), ("noreserve", true));
    internal static readonly Words<bool> MapLocked = Option("locked", ("", false), ("locked", true));
    internal static readonly Words<bool> Current = Option("current", ("", false), ("current", true));
    internal static readonly Words<bool> Future = Option("future", ("", false), ("future", true));
    internal static readonly Words<bool> NoInherit = Option("noInherit", ("", false), ("noinherit", true));
    internal static readonly Words<bool> OnFault = Option("onFault", ("", false), ("onfault", true));
    internal static readonly Words<bool> ReadOnly = Option("readOnly", ("", false), ("readonly", true));

    private static Words<T> Choice<T>(string notation, string json, params (string, T)[] words) => new(notation, json, false, words);

    /// <summary>A word for each value, in the order of the values.</summary>
    private static Words<T> Choice<T>(string notation, string json, string words)
        where T : struct, Enum => Choice(notation, json, [.. words.Split(' ').Zip(Enum.GetValues<T>())]);

    private static Words<T> Option<T>(string json, params (string Word, T)[] words) =>
        new($"[{string.Join('|', words.Skip(1).Select(word => word.Word))}]", json, true, words);
}
