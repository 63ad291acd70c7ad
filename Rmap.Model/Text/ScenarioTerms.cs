using System.Collections.Frozen;

namespace Rmap.Model.Text;

/// <summary>The terms of which the lines of a scenario consist.</summary>
internal static class ScenarioTerms
{
    internal static readonly Term<VirtualPage> APage = new(
        "PAGE",
        line => new VirtualPage(line.Number("a page number")),
        (text, page) => text.Append(CultureInfo.InvariantCulture, $" {page.Number}"));

    internal static readonly Term<PageRange> ARange = new(
        "PAGE+LENGTH",
        line =>
        {
            var start = new VirtualPage(line.Number("a range of pages such as 16+4"));
            line.Demand("+");
            return PageRange.Of(start, line.Number("a length in pages"));
        },
        (text, range) => text.Append(CultureInfo.InvariantCulture, $" {range.Start.Number}+{range.Pages}"));

    internal static readonly Term<long> Pages = new(
        "PAGES",
        line => line.Number("a number of pages"),
        (text, pages) => text.Append(CultureInfo.InvariantCulture, $" {pages}"));

    internal static readonly Term<ProcessId> Child = new(
        "P",
        line => line.Process(),
        (text, child) => text.Append(' ').Append(child));

    internal static readonly Term<PinId> APin = new(
        "G",
        line => line.Pin(),
        (text, pin) => text.Append(' ').Append(pin));

    internal static readonly Term<GupKind> HandedOut = Term.Option(GupKind.Pin, ("write", GupKind.PinWrite), ("get", GupKind.Get));

    internal static readonly Term<string> Name = new(
        "NAME",
        line => line.Name("a name such as S0"),
        (text, name) => text.Append(' ').Append(Checked(name)));

    internal static readonly Term<byte> Value = new(
        "= BYTE",
        line =>
        {
            line.Demand("=");
            return ReadByte(line);
        },
        (text, value) => text.Append(" = ").Append(value));

    internal static readonly Term<byte?> Fill = new(
        "[= BYTE]",
        line => line.Take("=") ? ReadByte(line) : null,
        (text, value) =>
        {
            if (value is { } fill)
            {
                Value.Write(text, fill);
            }
        });

    internal static readonly Term<Protection> Prot = Term.Choice(
        "PROT",
        ("rw", Protection.Read | Protection.Write),
        ("r", Protection.Read),
        ("w", Protection.Write),
        ("rx", Protection.Read | Protection.Exec),
        ("wx", Protection.Write | Protection.Exec),
        ("rwx", Protection.Read | Protection.Write | Protection.Exec),
        ("x", Protection.Exec),
        ("none", Protection.None));

    internal static readonly Term<bool> Shared = Term.Choice("private|shared", ("private", false), ("shared", true));

    internal static readonly Term<(string? File, long Offset)> Backing = new(
        "anon|NAME[@PAGE]",
        line => (line.Take("anon") ? null : line.Name("the name of a file"), line.Take("@") ? line.Number("an offset in pages") : 0),
        (text, backing) =>
        {
            text.Append(' ').Append(backing.File is null ? "anon" : Checked(backing.File));
            if (backing.Offset != 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"@{backing.Offset}");
            }
        });

    internal static readonly Term<Placement> Place =
        Term.Option(Placement.Fixed, ("noreplace", Placement.NoReplace), ("hint", Placement.Hint));

    internal static readonly Term<bool> NoReserve = Term.Option(false, ("noreserve", true));

    internal static readonly Term<bool> OnFault = Term.Option(false, ("onfault", true));

    internal static readonly Term<bool> ReadOnly = Term.Option(false, ("readonly", true));

    internal static readonly Term<bool> OnOff = Term.Choice("on|off", ("on", true), ("off", false));

    internal static readonly Term<int> PowerOfTwo = Term.Choice(
        "PAGES", ("1", 1), ("2", 2), ("4", 4), ("8", 8), ("16", 16), ("32", 32), ("64", 64), ("128", 128), ("256", 256), ("512", 512));

    internal static readonly Term<Advice> Advise = Term.Choice(
        "ADVICE",
        ("dontneed", Advice.DontNeed),
        ("free", Advice.Free),
        ("remove", Advice.Remove),
        ("cold", Advice.Cold),
        ("pageout", Advice.PageOut),
        ("mergeable", Advice.Mergeable),
        ("unmergeable", Advice.Unmergeable),
        ("dontfork", Advice.DontFork),
        ("dofork", Advice.DoFork),
        ("wipeonfork", Advice.WipeOnFork),
        ("keeponfork", Advice.KeepOnFork),
        ("populate-read", Advice.PopulateRead),
        ("populate-write", Advice.PopulateWrite));

    internal static readonly Term<MemoryPolicy> Policy = Term.Choice(
        "POLICY",
        ("default", MemoryPolicy.Default),
        ("bind", MemoryPolicy.Bind),
        ("interleave", MemoryPolicy.Interleave),
        ("preferred", MemoryPolicy.Preferred));

    internal static readonly Term<FileSystem> Fs = Term.Choice("tmpfs|ext4", ("tmpfs", FileSystem.Tmpfs), ("ext4", FileSystem.Ext4));

    internal static readonly Term<int> Passes = new(
        "[PASSES]",
        line => line.TakeIf(IsInt, "a number of passes", out string passes) ? int.Parse(passes, CultureInfo.InvariantCulture) : 0,
        (text, passes) =>
        {
            if (passes != 0)
            {
                text.Append(CultureInfo.InvariantCulture, $" {passes}");
            }
        });

    internal static readonly Term<int> Count = new(
        "NUMBER",
        line => (int)line.Number("a number", int.MinValue, int.MaxValue),
        (text, number) => text.Append(CultureInfo.InvariantCulture, $" {number}"));

    private static readonly (string Word, MremapFlags Flag)[] MremapWords =
    [
        ("maymove", MremapFlags.MayMove), ("fixed", MremapFlags.Fixed), ("dontunmap", MremapFlags.DontUnmap), ("noflags", MremapFlags.None),
    ];

    /// <summary>Where mremap goes. With a page its flags are <c>maymove fixed</c>, without none; others are all written out.</summary>
    internal static readonly Term<(VirtualPage? Target, long Length, MremapFlags Flags)> Move = new(
        "-> [PAGE]+LENGTH [maymove] [fixed] [dontunmap] [noflags]",
        line =>
        {
            line.Demand("->");
            VirtualPage? target = line.Take("+") ? null : new VirtualPage(line.Number("a page number"));
            if (target is not null)
            {
                line.Demand("+");
            }

            long length = line.Number("a length in pages");
            MremapFlags flags = MremapFlags.None;
            bool written = false;
            while (line.TakeOneOf(MremapWords, out MremapFlags flag))
            {
                flags |= flag;
                written = true;
            }

            return (target, length, written ? flags : UsualFlags(target));
        },
        (text, move) =>
        {
            text.Append(CultureInfo.InvariantCulture, $" -> {move.Target}+{move.Length}");
            if (move.Flags != UsualFlags(move.Target))
            {
                foreach ((string word, MremapFlags flag) in MremapWords)
                {
                    text.Append((flag == MremapFlags.None ? move.Flags == flag : move.Flags.HasFlag(flag)) ? " " + word : "");
                }
            }
        });

    internal static readonly Term<VirtualPage> To = new(
        "-> PAGE",
        line =>
        {
            line.Demand("->");
            return APage.Read(line);
        },
        (text, page) => APage.Write(text.Append(" ->"), page));

    internal static readonly Term<Outcome?> Expectation = new(
        "[=> NUMBER [FLAGS]|ERRNO|SIGNAL]",
        line => line.Take("=>") ? ReadOutcome(line) : null,
        (text, outcome) =>
        {
            if (outcome is not null)
            {
                text.Append(" => ").Append(outcome);
            }
        });

    private static readonly FrozenDictionary<string, Outcome> Refusals =
        Enum.GetValues<Errno>().Where(errno => errno != Errno.None).Select(Outcome.From)
            .Concat(Enum.GetValues<Signal>().Where(signal => signal != Signal.None).Select(Outcome.From))
            .ToFrozenDictionary(outcome => outcome.ToString());

    /// <summary>A name that is to be written.</summary>
    /// <exception cref="ArgumentException">It would be read as something else.</exception>
    internal static string Checked(string name) => ScenarioReader.IsName(name)
        ? name
        : throw new ArgumentException($"'{name}' cannot be the name of a file or segment in a scenario.", nameof(name));

    private static MremapFlags UsualFlags(VirtualPage? target) =>
        target is null ? MremapFlags.None : MremapFlags.MayMove | MremapFlags.Fixed;

    private static byte ReadByte(ScenarioReader line) => (byte)line.Number("a byte", byte.MinValue, byte.MaxValue);

    private static Outcome ReadOutcome(ScenarioReader line)
    {
        if (line.TakeIf(Refusals.ContainsKey, "an errno such as EINVAL, a signal such as SIGBUS", out string refusal))
        {
            return Refusals[refusal];
        }

        long value = line.Number("a number");
        return value is >= int.MinValue and <= int.MaxValue && line.TakeIf(IsFlags, "the letters of flags", out string letters)
            ? new Outcome.References((int)value, FlagsOf(letters))
            : Outcome.Of(value);
    }

    private static bool IsInt(string word) => int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static bool IsFlags(string word) => word.Length > 0 && FlagsOf(word).Letters() == word;

    private static VmFlags FlagsOf(string letters)
    {
        VmFlags flags = VmFlags.None;
        foreach (VmFlags flag in (VmFlags[])[VmFlags.Read, VmFlags.Write, VmFlags.Exec, VmFlags.Shared, VmFlags.Locked, VmFlags.Mergeable])
        {
            flags |= letters.Contains(flag.Letters(), StringComparison.Ordinal) ? flag : VmFlags.None;
        }

        return flags;
    }
}
