using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Rmap.Properties.Campaigns;
using Rmap.Properties.Defects;

namespace Rmap.Regressions.Defects;

/// <summary>
/// The first cases that fail for each defect, in <c>Cases.txt</c>. From there a defect is found in no time, where a search takes
/// thousands of cases; <c>dotnet run --project Rmap.Regressions -c Release -- cases</c> makes it anew.
/// </summary>
internal static class KeptCases
{
    /// <summary>What fails in so many cases as often as asked is searched for in every run: that is as fast.</summary>
    private const long Soon = 300;

    private static readonly string File = Path.Combine(Path.GetDirectoryName(ThisFile())!, "Cases.txt");

    private static readonly Dictionary<string, IReadOnlyList<long>> Rows = System.IO.File.Exists(File)
        ? System.IO.File.ReadLines(File)
            .SkipWhile(line => !line.StartsWith("defect", StringComparison.Ordinal)).Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 0)
            .ToDictionary(words => words[0], IReadOnlyList<long> (words) => [.. words[1..].Select(word => Number(word) - 1)])
        : [];

    /// <summary>The cases that are kept for a defect; none if nothing is.</summary>
    internal static IReadOnlyList<long> Of(Defect defect) => Rows.GetValueOrDefault(defect.Name) ?? [];

    /// <summary>The cases to begin with; null to search from the first case on, as a run does that is to try much.</summary>
    internal static IReadOnlyList<long>? InsteadOfSearch(Defect defect) =>
        Of(defect) is { Count: > 0 } kept && kept[^1] >= Soon && !SuiteSettings.AreScenariosChosen ? kept : null;

    /// <summary>Keeps what has been found, and of the other defects what is kept of them.</summary>
    internal static void Write(IReadOnlyDictionary<string, Detection> found)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"The first {Detection.Most} of {Detection.Budget} cases that fail, all profiles in turn, seed {Detection.Seed}.\n\n");
        text.Append("defect  cases\n");
        foreach (Defect defect in DefectCatalogue.All)
        {
            IReadOnlyList<long> cases = found.TryGetValue(defect.Name, out Detection? detection) ? detection.Cases : Of(defect);
            text.Append($"{defect.Name,-8}").AppendJoin(' ', cases.Select(index => index + 1)).Append('\n');
        }

        System.IO.File.WriteAllText(File, text.ToString());
    }

    private static long Number(string word) => long.Parse(word, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
