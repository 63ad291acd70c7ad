namespace Rmap.Properties.Generating;

/// <summary>
/// Draws operands while looking at the machine as it stands: ranges come from VMAs, values are few, so that pages become equal.
/// </summary>
internal sealed class OperandDraws : Operands
{
    private const int Values = 4;

    private readonly Limits limits;
    private SplitMix random;
    private Machine? machine;
    private Process? process;

    /// <param name="limits">How far they may go.</param>
    /// <param name="seed">The same draws for the same seed.</param>
    internal OperandDraws(Limits limits, ulong seed)
    {
        this.limits = limits;
        random = new SplitMix(seed);
        Layout = Layout.Draw(ref random, limits);
    }

    internal ref SplitMix Random => ref random;

    /// <summary>Where the pages of the case lie.</summary>
    internal Layout Layout { get; }

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

    /// <summary>Any protection; most often one with which pages can be used.</summary>
    internal Protection Protection() => random.Below(20) switch
    {
        < 11 => ReadWrite,
        < 15 => Model.Values.Protection.Read,
        _ => (Protection)random.Below(8),
    };

    /// <summary>One of few values, so that pages become equal; now and then any.</summary>
    internal byte Value() => (byte)(random.Below(64) is var draw && draw > 0 ? draw % Values : random.Below(256));

    /// <summary>The name of a file or a segment.</summary>
    internal static string Name(char kind, int number) =>
        number < NameCache.Length && kind == 'F' ? NameCache[number] : $"{kind}{number}";

    private static readonly string[] NameCache = [.. Enumerable.Range(0, 8).Select(number => $"F{number}")];

    /// <summary>The lowest number that no process has; if there are enough processes, one that is taken, to be refused.</summary>
    internal ProcessId Child(Machine machine)
    {
        int number = 0;
        while (number < limits.Processes - 1 && machine.Find(new ProcessId(number)) is not null)
            number++;

        return new ProcessId(number);
    }

    internal VirtualPage AnyPage() => Layout.Any(ref random);

    internal PageRange BlindRange() => PageRange.Of(AnyPage(), random.Below(8));

    /// <summary>
    /// A range for a new mapping: half of them touch a VMA, so that they can merge. Where there is room, some are long.
    /// </summary>
    internal PageRange FreshRange(Mm mm)
    {
        if (Layout.IsSparse && random.Below(8) == 0)
            return PageRange.Of(AnyPage(), 1L << random.Below(33));

        int length = 1 + random.Below(6);
        if (mm.Vmas.Count > 0 && random.Chance(50))
        {
            VmArea neighbour = AnyVma(mm);
            var above = PageRange.Of(neighbour.End, length);
            if (random.Chance(50) && Layout.Contains(above))
                return above;

            if (neighbour.Start.Number >= length)
                return PageRange.Of(neighbour.Start - length, length);
        }

        return Layout.Any(ref random, length);
    }

    internal VmArea AnyVma(Mm mm) => mm.Vmas[random.Below(mm.Vmas.Count)];

    internal PageRange PartOfVma(Mm mm) => mm.Vmas.Count == 0 ? BlindRange() : PartOf(AnyVma(mm));

    internal VirtualPage PageOfVma(Mm mm)
    {
        if (mm.Vmas.Count == 0)
            return AnyPage();

        VmArea vma = AnyVma(mm);
        return Layout.IsSparse && random.Below(4) == 0 ? AnyPage() : vma.Start + random.Below((int)Math.Min(vma.Pages, limits.Pages));
    }

    /// <summary>A page for which the test holds, if a few tries find one.</summary>
    internal VirtualPage PageOfVma(Mm mm, Func<Mm, VirtualPage, bool> test)
    {
        VirtualPage page = PageOfVma(mm);
        for (int tries = 0; tries < 4 && !test(mm, page); tries++)
            page = PageOfVma(mm);

        return page;
    }

    /// <summary>A page with an entry, if a few tries find one.</summary>
    internal VirtualPage UsedPage(Mm mm) =>
        PageOfVma(mm, static (mm, page) => mm.PageTable[page].Kind is not (PteKind.None or PteKind.ZeroPage));

    /// <summary>A range that is to be filled: of a long VMA not too much, as it would only take long.</summary>
    internal PageRange PartToFill(Mm mm)
    {
        PageRange range = PartOfVma(mm);
        return random.Below(64) > 0 ? PageRange.Of(range.Start, Math.Min(range.Pages, limits.Pages)) : range;
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
