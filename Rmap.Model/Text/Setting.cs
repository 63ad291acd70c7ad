using System.Text;

namespace Rmap.Model.Text;

/// <summary>One setting of the machine: a line <c>option</c> before the first step, unless it has its default.</summary>
/// <param name="Word">Its name.</param>
/// <param name="Terms">The notation of its value.</param>
/// <param name="Read">Reads its value and sets it.</param>
/// <param name="Write">Writes the whole line, or nothing if it has its default.</param>
internal sealed record Setting(
    string Word, string Terms, Func<ScenarioReader, MachineOptions, MachineOptions> Read, Action<StringBuilder, MachineOptions> Write)
{
    private static readonly Words<int> PowersOfTwo =
        new("PAGES", "", false, [.. Enumerable.Range(0, 10).Select(power => ((1 << power).ToString(), 1 << power))]);

    /// <summary>All of them.</summary>
    internal static readonly Setting[] All =
    [
        Of("swap-sync", Term.Nothing, o => o.SwapSync, (o, on) => o with { SwapSync = on }),
        Of("fault-around", Term.Word(PowersOfTwo), o => o.FaultAround, (o, pages) => o with { FaultAround = pages }),
        Of(
            "ksm-max-sharing", Term.Number("ITEMS", "a number of items", least: 2),
            o => o.KsmMaxPageSharing, (o, items) => o with { KsmMaxPageSharing = items }),
        Of("ksm-use-zero-pages", Term.Nothing, o => o.KsmUseZeroPages, (o, on) => o with { KsmUseZeroPages = on }),
        Of("mmap-base", Term.Page, o => new VirtualPage(o.MmapBase), (o, page) => o with { MmapBase = page.Number }),
        Of("user-mode-linux", Term.Nothing, o => o.UserModeLinux, (o, on) => o with { UserModeLinux = on }),
        Of("pgoff-limit", Term.Pages, o => o.PgoffLimit, (o, pages) => o with { PgoffLimit = pages }),
        Of(
            "max-map-count", Term.Number("VMAS", "a number of VMAs", least: 1),
            o => o.MaxMapCount, (o, vmas) => o with { MaxMapCount = vmas }),
        Of("frames", Term.Number("FRAMES", "a number of frames", least: 1), o => o.Frames, (o, frames) => o with { Frames = frames }),
    ];

    private static Setting Of<T>(
        string word, Term<T> term, Func<MachineOptions, T> get, Func<MachineOptions, T, MachineOptions> set) => new(
        word,
        term.Notation,
        (line, options) => set(options, term.Read(line)),
        (text, options) =>
        {
            T value = get(options);
            if (!Equals(value, get(MachineOptions.Default)))
            {
                term.Write(text.Append("option ").Append(word), value);
                text.Append('\n');
            }
        });
}
