namespace Rmap.Properties.Properties;

/// <summary>
/// Counts which productions of the grammar scenarios use: every operation, every word, and of numbers, pages and names each kind that
/// there is; and each setting of the machine.
/// </summary>
internal sealed class DrawnGrammar : Operands
{
    private static readonly string[] Presence = ["there", "absent"], Sizes = ["0", "small", "large", "huge"], OnOff = ["off", "on"];
    private static readonly string[] NumberKinds = ["0", "1", "2", "3", "small", "large", "huge"];

    private readonly Dictionary<(string Verb, string Operand), (string[] Kinds, int[] Counts)> counts = [];
    private string verb = "";
    private Machine machine = new(new Linux618());

    /// <summary>How often each production was used; those that never were, too, if another one of their operand was.</summary>
    internal IEnumerable<(string Production, int Count)> Counts =>
        from operand in counts
        from kind in operand.Value.Kinds.Index()
        select ($"{operand.Key.Verb} {operand.Key.Operand} {kind.Item}", operand.Value.Counts[kind.Index]);

    /// <summary>All productions that there are.</summary>
    internal static IEnumerable<string> All()
    {
        var all = new DrawnGrammar();
        foreach (OperationRow row in OperationTable.Rows)
            all.Add(all.machine, row.Blank);

        all.Add(MachineOptions.Default);
        return all.Counts.Select(each => each.Production);
    }

    /// <summary>Counts an operation that is about to be executed.</summary>
    internal void Add(Machine on, Operation operation)
    {
        machine = on;
        OperationRow row = OperationTable.Of(operation);
        verb = $"{row.Subject} {row.Verb}";
        Tell("at", 0, static () => ["all"]);
        row.Through(operation, this);
    }

    /// <summary>Counts the settings of a machine.</summary>
    internal void Add(MachineOptions options)
    {
        verb = "option";
        Tell("swap-sync", options.SwapSync ? 1 : 0, static () => OnOff);
        Tell(
            "fault-around", int.Log2(options.FaultAround), static () => [.. Enumerable.Range(0, 10).Select(power => $"{1 << power}")]);
        AtLeastOne("ksm-max-sharing", options.KsmMaxPageSharing);
        Tell("ksm-use-zero-pages", options.KsmUseZeroPages ? 1 : 0, static () => OnOff);
        Sized("mmap-base", options.MmapBase);
        Tell("user-mode-linux", options.UserModeLinux ? 1 : 0, static () => OnOff);
        Sized("pgoff-limit", options.PgoffLimit);
        AtLeastOne("max-map-count", options.MaxMapCount);
        AtLeastOne("frames", options.Frames);
    }

    internal override ProcessId Process(ProcessId process, string json)
    {
        Presents(json, machine.Find(process));
        return process;
    }

    internal override PinId Pin(PinId pin)
    {
        Presents("pin", machine.Pins.Find(pin));
        return pin;
    }

    internal override string Name(string name, string json)
    {
        Presents(json, json == "seg" ? machine.Files.FindSegment(name) : machine.Files.Find(name));
        return name;
    }

    internal override VirtualPage Page(VirtualPage page, string json = "page")
    {
        Sized(json, page.Number);
        return page;
    }

    internal override PageRange Range(PageRange range, string start = "page", string length = "len")
    {
        Sized(start, range.Start.Number);
        Sized(length, range.Pages);
        return range;
    }

    internal override long FilePage(long page) => Sized("page of file", page);

    internal override PageRange FileRange(PageRange range)
    {
        FilePage(range.Start.Number);
        Sized("length", range.Pages);
        return range;
    }

    internal override long Pages(long pages) => Sized("pages", pages);

    internal override byte Value(byte value)
    {
        Tell("value", value == 0 ? 0 : value < 4 ? 1 : 2, static () => ["0", "of the few", "other"]);
        return value;
    }

    internal override byte? Fill(byte? value)
    {
        Tell("contents", value is null ? 0 : 1, static () => ["sparse", "filled"]);
        return value;
    }

    internal override T Word<T>(T value, Words<T> words)
    {
        Tell(words.Json, Math.Max(0, words.IndexOf(value)), () => [.. words.All.Select(word => word.Word)]);
        return value;
    }

    internal override int Number(int number, string notation, string what)
    {
        int kind = number < 0 ? NumberKinds.Length : number < 4 ? number : 3 + SizeOf(number);
        Tell(notation, kind, () => notation == "KEY" ? [.. NumberKinds, "below 0"] : NumberKinds);
        return number;
    }

    internal override int Passes(int passes) => Number(passes, "PASSES", "");

    internal override string? Backing(string? file)
    {
        Tell("memory", file is null ? 0 : 1, static () => ["anonymous", "of a file"]);
        return file is null ? null : Name(file, "file");
    }

    internal override long Offset(long pages) => Sized("offset", pages);

    internal override (VirtualPage? Target, long NewLength, MremapFlags Flags) Move(Operation.Mremap mremap)
    {
        string what = mremap.Target is null ? "without a page" : "to a page";
        Tell(what, (int)mremap.Flags, static () => [.. Enumerable.Range(0, 8).Select(flags => $"{(MremapFlags)flags}")]);
        Sized("new length", mremap.NewLength);
        return base.Move(mremap);
    }

    private void Presents(string what, object? found) => Tell(what, found is null ? 1 : 0, static () => Presence);

    private void AtLeastOne(string what, int number) => Tell(what, SizeOf(number) - 1, static () => Sizes[1..]);

    private long Sized(string what, long number)
    {
        Tell(what, SizeOf(number), static () => Sizes);
        return number;
    }

    /// <summary>None, in one page table, in several, or beyond.</summary>
    private static int SizeOf(long number) => number switch
    {
        0 => 0,
        < PageTable.EntriesPerTable => 1,
        < 1 << 27 => 2,
        _ => 3,
    };

    private void Tell(string operand, int kind, Func<string[]> kinds)
    {
        if (!counts.TryGetValue((verb, operand), out (string[] Kinds, int[] Counts) drawn))
        {
            string[] all = kinds();
            counts[(verb, operand)] = drawn = (all, new int[all.Length]);
        }

        drawn.Counts[kind]++;
    }
}
