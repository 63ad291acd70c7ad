namespace Rmap.Properties.Watching;

/// <summary>A set of byte values.</summary>
internal readonly record struct ValueSet
{
    private readonly UInt128 low;
    private readonly UInt128 high;

    private ValueSet(UInt128 low, UInt128 high)
    {
        this.low = low;
        this.high = high;
    }

    /// <summary>No value.</summary>
    internal static ValueSet Empty => default;

    /// <summary>Every value.</summary>
    internal static ValueSet All => new(UInt128.MaxValue, UInt128.MaxValue);

    /// <summary>A bit for each value: those below 128, and the others.</summary>
    internal (UInt128 Low, UInt128 High) Bits => (low, high);

    internal bool IsEmpty => low == 0 && high == 0;

    internal static ValueSet Of(byte value) =>
        value < 128 ? new(UInt128.One << value, 0) : new(0, UInt128.One << (value - 128));

    internal bool Contains(byte value) => !(this & Of(value)).IsEmpty;

    public static ValueSet operator |(ValueSet left, ValueSet right) => new(left.low | right.low, left.high | right.high);

    public static ValueSet operator &(ValueSet left, ValueSet right) => new(left.low & right.low, left.high & right.high);

    /// <summary>The values in ascending order.</summary>
    public override string ToString()
    {
        ValueSet set = this;
        return string.Join(" or ", Enumerable.Range(0, 256).Where(value => set.Contains((byte)value)));
    }
}
