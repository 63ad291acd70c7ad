using System.Collections.Frozen;
using System.Text;
using static Rmap.Model.Text.ScenarioTerms;
using ByName = Rmap.Model.Text.Form<string>;
using ByPin = Rmap.Model.Text.Form<Rmap.Model.Values.PinId>;
using ByProcess = Rmap.Model.Text.Form<Rmap.Model.Values.ProcessId>;

namespace Rmap.Model.Text;

/// <summary>
/// The grammar of scenarios, as tables: each form is read and written by the same entry. A new operation needs one entry here,
/// and its line in <c>docs/scenario.md</c>, which a test asks for.
/// </summary>
internal static class ScenarioGrammar
{
    /// <summary>What a process does: <c>P0</c> and one of these.</summary>
    private static readonly ByProcess[] OfProcess =
    [
        ByProcess.Of(
            "mmap",
            ARange.And(Prot).And(Shared).And(Backing),
            Place.And(NoReserve),
            (p, what, how) =>
            {
                (((PageRange range, Protection protection), bool shared), (string? file, long offset)) = what;
                return new Operation.Mmap(p, range, protection, shared, file, offset, how.Item1, how.Item2);
            },
            o => (o.Process, (((o.Range, o.Protection), o.Shared), (o.File, o.FileOffset)), (o.Placement, o.NoReserve))),
        ByProcess.Of("munmap", ARange, (p, range) => new Operation.Munmap(p, range), o => (o.Process, o.Range)),
        ByProcess.Of(
            "mprotect", ARange, Prot, (p, range, prot) => new Operation.Mprotect(p, range, prot), o => (o.Process, o.Range, o.Protection)),
        ByProcess.Of(
            "mremap",
            ARange,
            Move,
            (p, range, move) => new Operation.Mremap(p, range, move.Length, move.Target, move.Flags),
            o => (o.Process, o.Range, (o.Target, o.NewLength, o.Flags))),
        ByProcess.Of(
            "madvise", ARange, Advise, (p, range, advice) => new Operation.Madvise(p, range, advice), o => (o.Process, o.Range, o.Advice)),
        ByProcess.Of(
            "mbind", ARange, Policy, (p, range, policy) => new Operation.Mbind(p, range, policy), o => (o.Process, o.Range, o.Policy)),
        ByProcess.Of(
            "mlock", ARange, OnFault, (p, range, onFault) => new Operation.Mlock(p, range, onFault), o => (o.Process, o.Range, o.OnFault)),
        ByProcess.Of("munlock", ARange, (p, range) => new Operation.Munlock(p, range), o => (o.Process, o.Range)),
        ByProcess.Of("msync", ARange, (p, range) => new Operation.Msync(p, range), o => (o.Process, o.Range)),
        ByProcess.Of("read", APage, (p, page) => new Operation.Read(p, page), o => (o.Process, o.Page)),
        ByProcess.Of("write", APage, Value, (p, page, value) => new Operation.Write(p, page, value), o => (o.Process, o.Page, o.Value)),
        ByProcess.Of("fork", Child, (p, child) => new Operation.Fork(p, child), o => (o.Process, o.Child)),
        ByProcess.Of("clone-vm", Child, (p, child) => new Operation.CloneVm(p, child), o => (o.Process, o.Child)),
        ByProcess.Of("exec", p => new Operation.Exec(p), o => o.Process),
        ByProcess.Of("memory-merge", OnOff, (p, on) => new Operation.MemoryMerge(p, on), o => (o.Process, o.On)),
        ByProcess.Of("exit", p => new Operation.Exit(p), o => o.Process),
        ByProcess.Of(
            "shmat",
            Name.And(APage),
            ReadOnly,
            (p, what, readOnly) => new Operation.Shmat(p, what.Item1, what.Item2, readOnly),
            o => (o.Process, (o.Segment, o.Page), o.ReadOnly)),
        ByProcess.Of("shmdt", APage, (p, page) => new Operation.Shmdt(p, page), o => (o.Process, o.Page)),
        ByProcess.Of("reclaim", APage, (p, page) => new Operation.Reclaim(p, page), o => (o.Process, o.Page)),
        ByProcess.Of("migrate", APage, (p, page) => new Operation.Migrate(p, page), o => (o.Process, o.Page)),
        ByProcess.Of("referenced", APage, (p, page) => new Operation.Referenced(p, page), o => (o.Process, o.Page)),
        ByProcess.Of(
            "pin",
            APage.And(APin),
            HandedOut,
            (p, what, kind) => new Operation.Pin(p, what.Item1, what.Item2, kind),
            o => (o.Process, (o.Page, o.Id), o.Kind)),
        ByProcess.Of(
            "uffd-move",
            ARange,
            To,
            (p, range, to) => new Operation.UffdMove(p, range.Start, to, range.Pages),
            o => (o.Process, PageRange.Of(o.Source, o.Pages), o.Destination)),
        ByProcess.Of("fail-nth", Count, (p, nth) => new Operation.FailNth(p, nth), o => (o.Process, o.Nth)),
    ];

    /// <summary>What happens to a file or a segment: its name and one of these.</summary>
    private static readonly ByName[] OfName =
    [
        ByName.Of(
            "create",
            Pages,
            Fs.And(Fill),
            (file, pages, what) => new Operation.FileCreate(file, pages, what.Item2, what.Item1),
            o => (Checked(o.File), o.Pages, (o.FileSystem, o.Fill))),
        ByName.Of("truncate", Pages, (file, pages) => new Operation.Truncate(file, pages), o => (Checked(o.File), o.Pages)),
        ByName.Of(
            "punch",
            ARange,
            (file, range) => new Operation.Punch(file, range.Start.Number, range.Pages),
            o => (Checked(o.File), PageRange.Of(new VirtualPage(o.Page), o.Length))),
        ByName.Of(
            "write",
            APage,
            Value,
            (file, page, value) => new Operation.FileWrite(file, page.Number, value),
            o => (Checked(o.File), new VirtualPage(o.Page), o.Value)),
        ByName.Of("fsync", file => new Operation.Fsync(file), o => Checked(o.File)),
        ByName.Of("shmget", Pages, (segment, pages) => new Operation.Shmget(segment, pages), o => (Checked(o.Segment), o.Pages)),
        ByName.Of("shmrm", segment => new Operation.Shmrm(segment), o => Checked(o.Segment)),
    ];

    /// <summary>What is done with a page that was handed out: <c>G0</c> and one of these.</summary>
    private static readonly ByPin[] OfPin =
    [
        ByPin.Of("read", pin => new Operation.PinRead(pin), o => o.Id),
        ByPin.Of("write", Value, (pin, value) => new Operation.PinWrite(pin, value), o => (o.Id, o.Value)),
        ByPin.Of("unpin", pin => new Operation.Unpin(pin), o => o.Id),
    ];

    /// <summary>What ksmd does.</summary>
    private static readonly ByName[] OfKsm =
    [
        ByName.Of("scan", Passes, (_, passes) => new Operation.KsmScan(passes), o => ("ksm", o.Passes)),
        ByName.Of("run", Term.Number("RUN", "0, 1 or 2", int.MinValue), (_, run) => new Operation.KsmRun(run), o => ("ksm", o.Run)),
        ByName.Of(
            "max-sharing",
            Term.Number("ITEMS", "a number of items", int.MinValue),
            (_, items) => new Operation.KsmMaxSharing(items),
            o => ("ksm", o.Items)),
    ];

    /// <summary>What happens to the swap area.</summary>
    private static readonly ByName[] OfSwap =
    [
        ByName.Of("off-on", _ => new Operation.SwapOffOn(), _ => "swap"),
        ByName.Of("fail-read", _ => new Operation.SwapFailRead(), _ => "swap"),
    ];

    /// <summary>The settings of the machine: <c>option</c> and one of these, before the first step.</summary>
    private static readonly Setting[] Settings =
    [
        Setting.Of("swap-sync", Term.Nothing, o => o.SwapSync, (o, on) => o with { SwapSync = on }),
        Setting.Of("fault-around", PowerOfTwo, o => o.FaultAround, (o, pages) => o with { FaultAround = pages }),
        Setting.Of(
            "ksm-max-sharing",
            Term.Number("ITEMS", "a number of items", least: 2),
            o => o.KsmMaxPageSharing,
            (o, items) => o with { KsmMaxPageSharing = items }),
        Setting.Of("ksm-use-zero-pages", Term.Nothing, o => o.KsmUseZeroPages, (o, on) => o with { KsmUseZeroPages = on }),
        Setting.Of("mmap-base", APage, o => new VirtualPage(o.MmapBase), (o, page) => o with { MmapBase = page.Number }),
        Setting.Of("user-mode-linux", Term.Nothing, o => o.UserModeLinux, (o, on) => o with { UserModeLinux = on }),
        Setting.Of("pgoff-limit", Pages, o => o.PgoffLimit, (o, pages) => o with { PgoffLimit = pages }),
        Setting.Of(
            "max-map-count",
            Term.Number("VMAS", "a number of VMAs", least: 1),
            o => o.MaxMapCount,
            (o, vmas) => o with { MaxMapCount = vmas }),
    ];

    private static readonly FrozenDictionary<Type, Action<StringBuilder, Operation>> Writers =
        OfProcess.Select(form => (form.Type, form.Write))
            .Concat(OfPin.Select(form => (form.Type, form.Write)))
            .Concat(((ByName[])[.. OfName, .. OfKsm, .. OfSwap]).Select(form => (form.Type, form.Write)))
            .ToFrozenDictionary(form => form.Type, form => form.Write);

    /// <summary>All kinds of lines in the notation of the grammar, in the order of the tables.</summary>
    internal static IEnumerable<string> Notation =>
    [
        "rules NAME",
        .. Settings.Select(setting => $"option {setting.Word} {setting.Terms}".TrimEnd()),
        .. OfProcess.Select(form => $"P {form.Verb} {form.Terms}".TrimEnd()),
        .. OfPin.Select(form => $"G {form.Verb} {form.Terms}".TrimEnd()),
        .. OfName.Select(form => $"NAME {form.Verb} {form.Terms}".TrimEnd()),
        .. OfKsm.Select(form => $"ksm {form.Verb} {form.Terms}"),
        .. OfSwap.Select(form => $"swap {form.Verb} {form.Terms}".TrimEnd()),
    ];

    /// <summary>Reads one step.</summary>
    internal static Step ReadStep(ScenarioReader line)
    {
        Operation? operation = ReadOperation(line);
        Outcome? expected = Expectation.Read(line);
        line.End();
        return new Step(operation!, expected);
    }

    /// <summary>Reads a setting, behind the word <c>option</c>.</summary>
    internal static MachineOptions ReadSetting(ScenarioReader line, MachineOptions options)
    {
        Setting? setting = line.DemandOneOf("a setting", Settings, setting => setting.Word);
        options = setting?.Read(line, options) ?? options;
        line.End();
        return options;
    }

    /// <summary>Writes the settings that do not have their default, a line each.</summary>
    internal static void Write(StringBuilder text, MachineOptions options)
    {
        foreach (Setting setting in Settings)
        {
            setting.Write(text, options);
        }
    }

    /// <summary>Writes a step, without the end of the line.</summary>
    internal static void Write(StringBuilder text, Step step)
    {
        Writers[step.Operation.GetType()](text, step.Operation);
        Expectation.Write(text, step.Expected);
    }

    private static Operation? ReadOperation(ScenarioReader line)
    {
        if (ScenarioReader.IsProcess(line.Token, out _))
        {
            ProcessId process = line.Process();
            return line.DemandOneOf("an operation", OfProcess, form => form.Verb)?.Read(process, line);
        }

        if (ScenarioReader.IsPin(line.Token, out _))
        {
            PinId pin = line.Pin();
            return line.DemandOneOf("an operation", OfPin, form => form.Verb)?.Read(pin, line);
        }

        string subject = line.Token;
        ByName[] forms = line.Take("ksm") ? OfKsm : line.Take("swap") ? OfSwap : OfName;
        if (forms == OfName)
        {
            line.Name("a process such as P0, a pin such as G0, or a name such as F0");
        }

        return line.DemandOneOf("an operation", forms, form => form.Verb)?.Read(subject, line);
    }
}
