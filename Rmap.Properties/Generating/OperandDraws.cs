namespace Rmap.Properties.Generating;

/// <summary>
/// Draws operands while looking at the machine as it stands: ranges come from VMAs, values are few, so that pages become equal.
/// </summary>
/// <param name="limits">How far they may go.</param>
/// <param name="seed">The same draws for the same seed.</param>
internal sealed class OperandDraws(Limits limits, ulong seed) : Operands
{
    private const int Values = 4;

    private SplitMix random = new(seed);
    private Machine? machine;
    private Process? process;

    internal ref SplitMix Random => ref random;

    /// <summary>An operation of a process, with the operands that it usually has: part of a VMA, a page of one.</summary>
    internal Operation Draw<T>(Machine on, Process by)
        where T : Operation
    {
        machine = on;
        process = by;
        OperationRow row = OperationTable.Of<T>();
        return row.Through(row.Blank, this);
    }

    internal override ProcessId Process(ProcessId _, string json) => json == "child" ? Child(machine!) : process!.Id;

    internal override VirtualPage Page(VirtualPage _, string json = "") => PageOfVma(process!.Mm);

    internal override PageRange Range(PageRange _, string start = "", string length = "") => PartOfVma(process!.Mm);

    internal override byte Value(byte _) => Value();

    internal override T Word<T>(T value, Words<T> words) => value is Model.Values.Protection ? (T)(object)Protection() : value;

    internal const Protection ReadWrite = Model.Values.Protection.Read | Model.Values.Protection.Write;

    internal Protection Protection() => random.Below(10) switch
    {
        < 6 => ReadWrite,
        < 8 => Model.Values.Protection.Read,
        8 => Model.Values.Protection.None,
        _ => ReadWrite | Model.Values.Protection.Exec,
    };

    internal byte Value() => (byte)random.Below(Values);

    /// <summary>The lowest number that no process has; if there are enough processes, one that is taken, to be refused.</summary>
    internal ProcessId Child(Machine machine)
    {
        int number = 0;
        while (number < limits.Processes - 1 && machine.Find(new ProcessId(number)) is not null)
            number++;

        return new ProcessId(number);
    }

    internal VirtualPage AnyPage() => new(random.Below(limits.Pages));

    internal PageRange BlindRange() => PageRange.Of(AnyPage(), random.Below(8));

    /// <summary>A range for a new mapping: half of them touch a VMA, so that they can merge.</summary>
    internal PageRange FreshRange(Mm mm)
    {
        int length = 1 + random.Below(6);
        if (mm.Vmas.Count > 0 && random.Chance(50))
        {
            VmArea neighbour = AnyVma(mm);
            if (random.Chance(50) && neighbour.End.Number + length <= limits.Pages)
                return PageRange.Of(neighbour.End, length);

            if (neighbour.Start.Number >= length)
                return PageRange.Of(neighbour.Start - length, length);
        }

        return PageRange.Of(new VirtualPage(random.Below(limits.Pages - length + 1)), length);
    }

    internal VmArea AnyVma(Mm mm) => mm.Vmas[random.Below(mm.Vmas.Count)];

    internal PageRange PartOfVma(Mm mm) => mm.Vmas.Count == 0 ? BlindRange() : PartOf(AnyVma(mm));

    internal VirtualPage PageOfVma(Mm mm)
    {
        if (mm.Vmas.Count == 0)
            return AnyPage();

        VmArea vma = AnyVma(mm);
        return vma.Start + random.Below((int)Math.Min(vma.Pages, limits.Pages));
    }

    /// <summary>A page with an entry, if a few tries find one.</summary>
    internal VirtualPage UsedPage(Mm mm)
    {
        VirtualPage page = PageOfVma(mm);
        for (int tries = 0; tries < 4 && mm.PageTable[page].Kind is PteKind.None or PteKind.ZeroPage; tries++)
            page = PageOfVma(mm);

        return page;
    }

    /// <summary>The whole of a VMA, one page, its head, its tail, or something in between.</summary>
    internal PageRange PartOf(VmArea vma)
    {
        int pages = (int)Math.Min(vma.Pages, limits.Pages);
        int first = random.Below(pages);
        return random.Below(8) switch
        {
            < 3 => vma.Range,
            3 => PageRange.Of(vma.Start + first, 1),
            4 => PageRange.Of(vma.Start, first + 1),
            5 => new PageRange(vma.Start + first, vma.End),
            6 => PageRange.Of(vma.Start + first, 1 + random.Below(pages - first)),
            _ => PageRange.Of(vma.Start + first, 1 + random.Below(8)),
        };
    }
}
