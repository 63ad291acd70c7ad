namespace Rmap.Properties.Generating;

/// <summary>
/// Draws from the whole grammar, each operation and each word as often as any other, without a look at the machine; numbers and pages
/// mostly where others are, too, else as large as can be. Most of it Linux refuses.
/// </summary>
internal sealed class UniformDraws(Limits limits, MachineOptions options, OperandDraws draws) : Operands
{
    private const int Few = 9, Names = 4;

    /// <summary>So many pages are filled at most, unless memory is out before: more would take long, and show nothing else.</summary>
    private const int Much = 512;

    private long pages;

    private ref SplitMix Random => ref draws.Random;

    internal Operation Draw()
    {
        OperationRow row = OperationTable.Rows[Random.Below(OperationTable.Rows.Length)];
        return row.Through(row.Blank, this);
    }

    internal override ProcessId Process(ProcessId _, string json) => new(Random.Below(limits.Processes + 1));

    internal override PinId Pin(PinId _) => new(Random.Below(Few));

    internal override string Name(string _, string json) => OperandDraws.Name(json == "seg" ? 'S' : 'F', Random.Below(Names));

    internal override VirtualPage Page(VirtualPage _, string json = "") =>
        IsUsual() ? draws.AnyPage() : new VirtualPage(Random.Long());

    internal override PageRange Range(PageRange _, string start = "", string length = "") => PageRange.Of(Page(default), Length());

    internal override long FilePage(long _) => Length();

    internal override PageRange FileRange(PageRange _) => PageRange.Of(new VirtualPage(Length()), Length());

    internal override long Pages(long _) => pages = Length();

    internal override byte Value(byte _) => (byte)Random.Below(256);

    internal override byte? Fill(byte? _) => Random.Below(2) == 0 || Math.Min(pages, options.Frames) > Much ? null : Value(0);

    internal override T Word<T>(T _, Words<T> words) => words.All[Random.Below(words.All.Length)].Value;

    internal override int Number(int _, string notation, string what) => IsUsual() ? Random.Below(Few) : Random.Int();

    internal override int Passes(int _) => Number(0, "", "");

    internal override string? Backing(string? _) => Random.Below(2) == 0 ? null : Name("", "file");

    internal override long Offset(long _) => Length();

    internal override (VirtualPage? Target, long NewLength, MremapFlags Flags) Move(Operation.Mremap _) =>
        (Random.Below(2) == 0 ? null : Page(default), Length(), (MremapFlags)Random.Below(8));

    private long Length() => IsUsual() ? Random.Below(Few) : Random.Long();

    private bool IsUsual() => limits.IsPlain || Random.Below(16) > 0;
}
