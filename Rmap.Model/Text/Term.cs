using System.Text;

namespace Rmap.Model.Text;

/// <summary>A piece of a line of a scenario: how it is noted in the grammar, read, and written.</summary>
/// <typeparam name="T">What it stands for.</typeparam>
/// <param name="Notation">Its notation in the grammar: capitals stand for something, brackets may be left out.</param>
/// <param name="Read">Reads it from a line.</param>
/// <param name="Write">Writes it, with a space before it; nothing for an option left at its default.</param>
internal sealed record Term<T>(string Notation, Func<ScenarioReader, T> Read, Action<StringBuilder, T> Write);

/// <summary>The terms of which the lines of a scenario consist.</summary>
internal static class Term
{
    internal static readonly Term<VirtualPage> Page =
        new("PAGE", line => new VirtualPage(line.Number("a page number")), (text, page) => text.Append($" {page}"));

    internal static readonly Term<PageRange> Range = new(
        "PAGE+LENGTH",
        line => PageRange.Of(new(line.Number("a range of pages such as 16+4")), line.Demand("+").Number("a length in pages")),
        (text, range) => text.Append($" {range}"));

    internal static readonly Term<VirtualPage> To =
        new("-> PAGE", line => Page.Read(line.Demand("->")), (text, page) => text.Append($" -> {page}"));

    internal static readonly Term<long> Pages =
        new("PAGES", line => line.Number("a number of pages"), (text, pages) => text.Append($" {pages}"));

    internal static readonly Term<ProcessId> Process =
        new("P", line => new(line.Numbered('P', "a process such as P0")), (text, process) => text.Append($" {process}"));

    internal static readonly Term<PinId> Pin =
        new("G", line => new(line.Numbered('G', "a pin such as G0")), (text, pin) => text.Append($" {pin}"));

    internal static readonly Term<string> Name =
        new("NAME", line => line.Name("a name such as S0"), (text, name) => text.Append($" {Checked(name)}"));

    internal static readonly Term<byte> Value =
        new("= BYTE", line => ReadByte(line.Demand("=")), (text, value) => text.Append($" = {value}"));

    internal static readonly Term<byte?> Fill = new(
        "[= BYTE]",
        line => line.Take("=") ? ReadByte(line) : null,
        (text, value) => text.Append(value is { } fill ? $" = {fill}" : ""));

    internal static readonly Term<string?> Backing = new(
        "anon|NAME[@PAGE]",
        line => line.Take("anon") ? null : line.Name("the name of a file"),
        (text, file) => text.Append(file is null ? " anon" : $" {Checked(file)}"));

    /// <summary>Noted with <see cref="Backing"/>, to which it is tied.</summary>
    internal static readonly Term<long> Offset = new(
        "",
        line => line.Take("@") ? line.Number("an offset in pages") : 0,
        (text, offset) => text.Append(offset == 0 ? "" : $"@{offset}"));

    internal static readonly Term<int> Passes = new(
        "[PASSES]",
        line => line.TakeIf(word => int.TryParse(word, out _), "a number of passes", out string passes) ? int.Parse(passes) : 0,
        (text, passes) => text.Append(passes == 0 ? "" : $" {passes}"));

    private static readonly (string Word, MremapFlags Flag)[] Moving =
    [
        ("maymove", MremapFlags.MayMove), ("fixed", MremapFlags.Fixed), ("dontunmap", MremapFlags.DontUnmap), ("noflags", MremapFlags.None),
    ];

    /// <summary>Where mremap goes. With a page its flags are <c>maymove fixed</c>, without none; others are all written out.</summary>
    internal static readonly Term<(VirtualPage? Target, long Length, MremapFlags Flags)> Move = new(
        "-> [PAGE]+LENGTH [maymove] [fixed] [dontunmap] [noflags]",
        line =>
        {
            VirtualPage? target = line.Demand("->").Take("+") ? null : Page.Read(line);
            long length = (target is null ? line : line.Demand("+")).Number("a length in pages");
            MremapFlags? flags = null;
            while (line.TakeOneOf(Moving, out MremapFlags flag))
                flags = (flags ?? MremapFlags.None) | flag;

            return (target, length, flags ?? UsualFlags(target));
        },
        (text, move) =>
        {
            text.Append($" -> {move.Target}+{move.Length}");
            IEnumerable<(string Word, MremapFlags Flag)> words =
                Moving.Where(word => (word.Flag & move.Flags) != 0 || word.Flag == move.Flags);
            text.AppendJoin("", words.Where(_ => move.Flags != UsualFlags(move.Target)).Select(word => $" {word.Word}"));
        });

    /// <summary>No text at all.</summary>
    internal static readonly Term<bool> Nothing = new("", _ => true, (_, _) => { });

    /// <summary>A number from a least one on.</summary>
    internal static Term<int> Number(string notation, string what, int least = int.MinValue) =>
        new(notation, line => (int)line.Number(what, least, int.MaxValue), (text, number) => text.Append($" {number}"));

    /// <summary>One of several words; of those that may be left out the first is never written.</summary>
    internal static Term<T> Word<T>(Words<T> words) => new(
        words.Notation,
        line => !words.IsOptional ? line.DemandOneOf(words.Notation, words.All, word => word.Word).Value!
            : line.TakeOneOf(words.All[1..], out T? value) ? value! : words.All[0].Value,
        (text, value) =>
        {
            int index = words.IndexOf(value);
            string word = index >= 0 ? words.All[index].Word : throw new ArgumentException($"'{value}' cannot be written in a scenario.");
            text.Append(index == 0 && words.IsOptional ? "" : $" {word}");
        });

    /// <summary>A name that is to be written.</summary>
    /// <exception cref="ArgumentException">It would be read as something else.</exception>
    internal static string Checked(string name) => ScenarioReader.IsName(name)
        ? name
        : throw new ArgumentException($"'{name}' cannot be the name of a file or segment in a scenario.", nameof(name));

    private static MremapFlags UsualFlags(VirtualPage? target) =>
        target is null ? MremapFlags.None : MremapFlags.MayMove | MremapFlags.Fixed;

    private static byte ReadByte(ScenarioReader line) => (byte)line.Number("a byte", byte.MinValue, byte.MaxValue);
}
