namespace Rmap.Model.Operations;

/// <summary>What executing an <see cref="Operation"/> led to: a value, an errno or a signal. Nothing throws for input.</summary>
public abstract record Outcome
{
    private Outcome()
    {
    }

    /// <summary>The operation succeeded.</summary>
    /// <param name="Value">What the call returned: a page number, a byte, a count, the child's number; 0 where it returns nothing.</param>
    public sealed record Success(long Value) : Outcome
    {
        /// <inheritdoc/>
        public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>What <c>folio_referenced</c> answered.</summary>
    /// <param name="Count">VMA visits that found an accessed PTE.</param>
    /// <param name="Flags">Flags of the referencing VMAs, united.</param>
    public sealed record References(int Count, VmFlags Flags) : Outcome
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Count.ToString(CultureInfo.InvariantCulture)} {Flags.Letters()}";
    }

    /// <summary>The system call failed.</summary>
    /// <param name="Errno">As Linux gives it.</param>
    public sealed record Failure(Errno Errno) : Outcome
    {
        /// <inheritdoc/>
        public override string ToString() => Errno.ToString();
    }

    /// <summary>The access ended in a signal. The process goes on: as if a handler had stepped over the access.</summary>
    /// <param name="Signal">Which.</param>
    public sealed record Killed(Signal Signal) : Outcome
    {
        /// <inheritdoc/>
        public override string ToString() => Signal.ToString();
    }

    /// <summary>Success with value 0.</summary>
    public static readonly Outcome Ok = new Success(0);

    private static readonly Outcome[] Failures = [Ok, .. Enum.GetValues<Errno>().Skip(1).Select(errno => new Failure(errno))];

    private static readonly Outcome[] Signals = [Ok, .. Enum.GetValues<Signal>().Skip(1).Select(signal => new Killed(signal))];

    /// <summary>All failures and signals.</summary>
    internal static IEnumerable<Outcome> Refusals => [.. Failures.Skip(1), .. Signals.Skip(1)];

    /// <summary>The failure with this errno; <see cref="Errno.None"/> gives <see cref="Ok"/>.</summary>
    public static implicit operator Outcome(Errno errno) => Failures[(int)errno];

    /// <summary>The outcome of an access that faulted; <see cref="Signal.None"/> gives <see cref="Ok"/>.</summary>
    public static implicit operator Outcome(Signal signal) => Signals[(int)signal];

    /// <summary>Success with a value.</summary>
    public static Outcome Of(long value) => value == 0 ? Ok : new Success(value);

    /// <summary>Success with the page's number.</summary>
    public static Outcome Of(VirtualPage page) => Of(page.Number);

    /// <summary>Whether the operation did what was asked.</summary>
    public bool Succeeded => this is Success or References;
}
