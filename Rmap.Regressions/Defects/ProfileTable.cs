using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Rmap.Properties.Generating;

namespace Rmap.Regressions.Defects;

/// <summary>
/// How soon each profile finds each defect, in <c>Profiles.txt</c>. Measuring takes minutes, so it is kept;
/// <c>dotnet run --project Rmap.Regressions -c Release -- profiles</c> makes it anew.
/// </summary>
internal static class ProfileTable
{
    /// <summary>An easy defect is found in so many scenarios of the mix.</summary>
    private const int Easy = 100;

    private static readonly string File = Path.Combine(Path.GetDirectoryName(ThisFile())!, "Profiles.txt");

    /// <summary>The table as it is kept.</summary>
    internal static string Text => System.IO.File.ReadAllText(File);

    /// <summary>Its rows.</summary>
    internal static IEnumerable<ProfileRow> Rows =>
        Text.Split('\n').SkipWhile(line => !line.StartsWith("defect", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line.Length > 0).Select(ProfileRow.Parse);

    internal static void Write(IReadOnlyList<ProfileRow> rows) => System.IO.File.WriteAllText(File, TextOf(rows));

    internal static string TextOf(IReadOnlyList<ProfileRow> rows)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"Scenarios until a defect is found: the median of {ProfileRow.Seeds} seeds, with each profile alone and with all in turn.\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"-: more than {ProfileRow.MostOfProfile} of a profile, {ProfileRow.MostOfMix} of the mix.\n\ndefect  ");
        text.AppendJoin("", Profile.All.Select(profile => $"{profile,9}")).Append("      mix\n");
        text.AppendJoin("", rows.Select(row => $"{row}\n"));
        text.Append("\nThe best profile, or as good as the best:\n");
        for (int column = 0; column < Profile.All.Count; column++)
        {
            ProfileRow[] best = [.. rows.Where(row => IsBest(row, column, times: 1))];
            IEnumerable<string> alone = best.Where(row => IsBest(row, column, times: 2)).Select(row => row.Defect);
            text.Append(CultureInfo.InvariantCulture, $"{Profile.All[column],-8}{best.Length,3}, of these twice as fast as any other: ");
            text.AppendJoin(' ', alone.DefaultIfEmpty("none")).Append('\n');
        }

        Summary(text, rows, "Found in 100 scenarios of the mix", row => row.Mix <= Easy, tellsNames: false);
        Summary(text, rows, "In 20,000", row => row.Mix > Easy, tellsNames: true);
        Summary(text, rows, "In more", row => row.Mix is null, tellsNames: true);
        return text.Append('\n').ToString();
    }

    /// <summary>Whether no other profile finds the defect in fewer than so many times the scenarios.</summary>
    private static bool IsBest(ProfileRow row, int column, int times) =>
        row.ByProfile[column] is { } own && !row.ByProfile.Where((other, at) => at != column && other < times * own).Any();

    private static void Summary(
        StringBuilder text, IReadOnlyList<ProfileRow> rows, string what, Func<ProfileRow, bool> belongs, bool tellsNames)
    {
        string[] names = [.. rows.Where(belongs).Select(row => row.Defect)];
        text.Append(CultureInfo.InvariantCulture, $"\n{what}: {names.Length} of {rows.Count}");
        text.AppendJoin("", tellsNames ? names.Select((name, at) => at == 0 ? $": {name}" : $" {name}") : []);
    }

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
