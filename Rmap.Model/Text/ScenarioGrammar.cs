using System.Collections.Frozen;
using System.Text;

namespace Rmap.Model.Text;

/// <summary>
/// The lines of scenarios, read and written: operations as <see cref="OperationTable"/> has them, settings, outcomes.
/// </summary>
internal static class ScenarioGrammar
{
    private static readonly ILookup<string, OperationRow> BySubject = OperationTable.Rows.ToLookup(row => row.Subject);

    private static readonly FrozenDictionary<string, Outcome> Refusals =
        Outcome.Refusals.ToFrozenDictionary(outcome => outcome.ToString());

    /// <summary>All kinds of lines in the notation of the grammar, in the order of the tables.</summary>
    internal static IEnumerable<string> Notation =>
    [
        "rules NAME",
        .. Setting.All.Select(setting => $"option {setting.Word} {setting.Terms}".TrimEnd()),
        "shows SECTION ...",
        .. OperationTable.Rows.Select(OperandTerms.Notation),
    ];

    /// <summary>Reads a setting, behind the word <c>option</c>.</summary>
    internal static MachineOptions ReadSetting(ScenarioReader line, MachineOptions options)
    {
        Setting? setting = line.DemandOneOf("a setting", Setting.All, setting => setting.Word);
        options = setting?.Read(line, options) ?? options;
        line.End();
        return options;
    }

    /// <summary>Writes the settings that do not have their default, a line each.</summary>
    internal static void Write(StringBuilder text, MachineOptions options)
    {
        foreach (Setting setting in Setting.All)
            setting.Write(text, options);
    }

    /// <summary>Reads the sections that are shown, behind the word <c>shows</c>.</summary>
    internal static StateSections ReadShown(ScenarioReader line)
    {
        StateSections shown = line.DemandOneOf("a section", StateSectionWords.All, section => section.Word).Section;
        while (line.TakeOneOf(StateSectionWords.All, out StateSections one))
            shown |= one;

        line.End();
        return shown;
    }

    /// <summary>Writes the sections that are shown, if there are any.</summary>
    internal static void Write(StringBuilder text, StateSections shown)
    {
        if (shown != StateSections.None)
        {
            IEnumerable<string> words =
                StateSectionWords.All.Where(section => shown.HasFlag(section.Section)).Select(section => section.Word);
            text.Append("shows ").AppendJoin(' ', words).Append('\n');
        }
    }

    /// <summary>Reads one operation; null if something is wrong with its subject or its verb.</summary>
    internal static Operation? ReadOperation(ScenarioReader line)
    {
        string subject = line.Token;
        string kind = ScenarioReader.IsNumbered('P', subject, out _) ? "P" : ScenarioReader.IsNumbered('G', subject, out _) ? "G" : "NAME";
        if (kind != "NAME")
            line.Take(subject);
        else if (line.Take("ksm") || line.Take("swap"))
            kind = subject;
        else
            line.Name("a process such as P0, a pin such as G0, or a name such as F0");

        OperationRow? row = line.DemandOneOf("an operation", [.. BySubject[kind]], row => row.Verb);
        return row is null ? null : OperandTerms.Read(row, line.Again());
    }

    /// <summary>Reads what is expected of an operation, up to the end of the line; null if nothing is.</summary>
    internal static Outcome? ReadExpectation(ScenarioReader line)
    {
        Outcome? expected = line.Take("=>") ? ReadOutcome(line) : null;
        line.End();
        return expected;
    }

    private static Outcome ReadOutcome(ScenarioReader line)
    {
        if (line.TakeIf(Refusals.ContainsKey, "an errno such as EINVAL, a signal such as SIGBUS", out string refusal))
            return Refusals[refusal];

        long value = line.Number("a number");
        return value is >= int.MinValue and <= int.MaxValue && line.TakeIf(IsFlags, "the letters of flags", out string letters)
            ? new Outcome.References((int)value, VmFlagsExtensions.OfLetters(letters))
            : Outcome.Of(value);

        static bool IsFlags(string word) => VmFlagsExtensions.OfLetters(word).Letters() == word;
    }
}
