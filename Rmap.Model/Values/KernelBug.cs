namespace Rmap.Model.Values;

/// <summary>
/// Linux would hit a BUG or an oops here, use memory that has been freed, or never come back: a mechanism has met what cannot be, or an
/// override of a rule says so. The operation has no outcome, and the machine is not to be used any more. Whoever checks tells
/// it as a breach of <c>goes-on</c>.
/// </summary>
/// <param name="message">What Linux met, as the end of a sentence that begins with the operation, or as one of its own.</param>
/// <param name="freed">What had been freed when it was used, or null.</param>
public sealed class KernelBug(string message, object? freed = null) : InvalidOperationException(message)
{
    /// <summary>A walk that takes more steps from interval to interval does not come to an end.</summary>
    internal const int Endless = 1 << 17;

    /// <summary>What had been freed when it was used, or null. The message ends where its name has to follow.</summary>
    public object? Freed { get; } = freed;

    /// <summary>KASAN: use after free. Here nothing dies, so whoever looks into what has been freed is told to stop.</summary>
    internal static KernelBug UseAfterFree(string kind, object freed) => new($"uses the {kind}", freed);
}
