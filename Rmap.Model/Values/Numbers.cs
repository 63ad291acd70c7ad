namespace Rmap.Model.Values;

/// <summary>The number of a virtual page: an address divided by the page size. Counted from address 0.</summary>
/// <param name="Number">Page number; 0 is the page at address 0.</param>
public readonly record struct VirtualPage(long Number) : IComparable<VirtualPage>
{
    /// <summary>The page <paramref name="pages"/> pages further up.</summary>
    public static VirtualPage operator +(VirtualPage page, long pages) => new(page.Number + pages);

    /// <summary>The page <paramref name="pages"/> pages further down.</summary>
    public static VirtualPage operator -(VirtualPage page, long pages) => new(page.Number - pages);

    /// <summary>The distance in pages.</summary>
    public static long operator -(VirtualPage left, VirtualPage right) => left.Number - right.Number;

    /// <summary>Whether <paramref name="left"/> lies below.</summary>
    public static bool operator <(VirtualPage left, VirtualPage right) => left.Number < right.Number;

    /// <summary>Whether <paramref name="left"/> lies above.</summary>
    public static bool operator >(VirtualPage left, VirtualPage right) => left.Number > right.Number;

    /// <summary>Whether <paramref name="left"/> lies below or is the same.</summary>
    public static bool operator <=(VirtualPage left, VirtualPage right) => left.Number <= right.Number;

    /// <summary>Whether <paramref name="left"/> lies above or is the same.</summary>
    public static bool operator >=(VirtualPage left, VirtualPage right) => left.Number >= right.Number;

    /// <inheritdoc/>
    public int CompareTo(VirtualPage other) => Number.CompareTo(other.Number);

    /// <summary>The lower of two pages.</summary>
    public static VirtualPage Min(VirtualPage left, VirtualPage right) => left < right ? left : right;

    /// <summary>The higher of two pages.</summary>
    public static VirtualPage Max(VirtualPage left, VirtualPage right) => left > right ? left : right;

    /// <inheritdoc/>
    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A range of virtual pages.</summary>
/// <param name="Start">The first page.</param>
/// <param name="End">The page after the last one (exclusive).</param>
public readonly record struct PageRange(VirtualPage Start, VirtualPage End)
{
    /// <summary>The range of <paramref name="pages"/> pages that begins at <paramref name="start"/>.</summary>
    public static PageRange Of(VirtualPage start, long pages) => new(start, start + pages);

    /// <summary>Length in pages.</summary>
    public long Pages => End - Start;

    /// <summary>Whether the page lies in the range.</summary>
    public bool Contains(VirtualPage page) => page >= Start && page < End;

    /// <summary>Whether the ranges have a page in common.</summary>
    public bool Overlaps(PageRange other) => Start < other.End && other.Start < End;

    /// <summary>The pages that both ranges have; meaningful only if they overlap.</summary>
    public PageRange Intersect(PageRange other) => new(VirtualPage.Max(Start, other.Start), VirtualPage.Min(End, other.End));

    /// <inheritdoc/>
    public override string ToString() => $"{Start}+{Pages}";
}

/// <summary>Page frame number: which physical page. Recycled lowest first, as a small machine would.</summary>
/// <param name="Number">Frame number, from 1; frame 0 is the shared zero page.</param>
public readonly record struct Pfn(int Number)
{
    /// <inheritdoc/>
    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The number by which a scenario calls a process.</summary>
/// <param name="Number">Chosen by the scenario, from 0; <c>P0</c> exists at the start.</param>
public readonly record struct ProcessId(int Number)
{
    /// <inheritdoc/>
    public override string ToString() => "P" + Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The number by which a scenario calls a page that <c>get_user_pages</c> has handed out.</summary>
/// <param name="Number">Chosen by the scenario, from 0.</param>
public readonly record struct PinId(int Number)
{
    /// <inheritdoc/>
    public override string ToString() => "G" + Number.ToString(CultureInfo.InvariantCulture);
}
