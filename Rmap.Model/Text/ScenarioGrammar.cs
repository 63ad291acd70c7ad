using System.Collections.Frozen;

namespace Rmap.Model.Text;

/// <summary>
/// Reads what stands in the lines of scenarios: settings, operations as <see cref="OperationTable"/> has them, outcomes.
/// </summary>
internal static class ScenarioGrammar
{
    private static readonly ILookup<string, OperationRow> BySubject = OperationTable.Rows.ToLookup(row => row.Subject);

    private static readonly FrozenDictionary<string, Outcome> Refusals =
        Outcome.Refusals.ToFrozenDictionary(outcome => outcome.ToString());

    /// <summary>Reads a setting, behind the word <c>option</c>.</summary>
    internal static MachineOptions ReadSetting(ScenarioReader line, MachineOptions options)
    {
        Setting? setting = line.DemandOneOf("a setting", Setting.All, setting => setting.Word);
        return setting?.Read(line, options) ?? options;
    }

    /// <summary>Reads the sections that are shown, behind the word <c>shows</c>.</summary>
    internal static StateSections ReadShown(ScenarioReader line)
    {
        StateSections shown = line.DemandOneOf("a section", StateSectionWords.All, section => section.Word).Section;
        while (line.TakeOneOf(StateSectionWords.All, out StateSections one))
            shown |= one;

        return shown;
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

    /// <summary>Reads what is expected of an operation, behind the arrow.</summary>
    internal static Outcome ReadOutcome(ScenarioReader line)
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
