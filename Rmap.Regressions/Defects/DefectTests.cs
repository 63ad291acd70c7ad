using System.Globalization;
using System.Text;
using Rmap.Properties.Defects;
using Rmap.Properties.Running;
using Rmap.Regressions.Reporting;

namespace Rmap.Regressions.Defects;

/// <summary>Every defect that does harm, or costs something, is found by the suite as it is, named, and shrunk.</summary>
public class DefectTests(Detections detections, Announcer announcer) : IClassFixture<Detections>, IClassFixture<Announcer>
{
    public static TheoryData<string> Faults =>
        [.. DefectCatalogue.All.Select(defect => defect.Name)];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_defect_is_found_and_shrunk(string name)
    {
        Detection detection = detections.All.Single(detection => detection.Defect.Name == name);
        Assert.True(
            detection.Found is not null, $"{detection.Defect.Title}: not found in {Detection.Budget} scenarios. Is an invariant too weak?");
        await Verify(detection.Report()).UseDirectory("Snapshots").UseFileName(name);
    }

    [Fact]
    public void A_repro_is_never_more_than_two_operations_longer_than_the_shortest_known() =>
        Assert.DoesNotContain(Compared, each => each.Length > each.Known + 2);

    [Fact]
    public void Of_20_repros_19_are_as_short_as_the_shortest_known()
    {
        var longer = Compared.Where(each => each.Length > each.Known).ToList();
        Assert.True(longer.Count * 20 <= Compared.Count(), $"Longer than the shortest known: {string.Join(", ", longer)}");
    }

    /// <summary>Checked of what was searched for; with RMAP_SCENARIOS that is everything.</summary>
    [Fact]
    public void The_kept_cases_are_the_first_that_fail()
    {
        string old = string.Join(
            ' ', detections.All.Where(each => !each.Cases.SequenceEqual(KeptCases.Of(each.Defect))).Select(each => each.Defect.Name));
        Assert.True(
            old.Length == 0,
            "Defects/Cases.txt is old: other cases fail now. Make it anew with\n"
            + $"dotnet run --project Rmap.Regressions -c Release -- cases {old}");
    }

    private IEnumerable<(string Name, int Length, int Known, bool IsExplored)> Compared =>
        from detection in detections.All
        where detection.Found is not null
        let known = Shortest.Known(detection.Defect)
        where known is not null
        select (detection.Defect.Name, detection.Length, known.Value, Shortest.Explored(detection.Defect) is not null);

    [Fact]
    public void Names_are_used_once_and_stand_in_order() =>
        Assert.Equal(
            DefectCatalogue.All.Select(defect => defect.Name).Distinct().Order(StringComparer.Ordinal),
            DefectCatalogue.All.Select(defect => defect.Name));

    [Fact]
    public void Every_invariant_and_every_cost_is_the_first_to_see_some_defect() =>
        Assert.Empty(Invariants.All.Concat(Costs.All)
            .Except(detections.All.Select(detection => detection.Found?.Failure.Violation.Invariant).OfType<Invariant>()));

    [Fact]
    public void What_is_said_to_do_no_harm_is_seen_by_its_cost() =>
        Assert.Empty(detections.All
            .Where(detection => detection.Defect.OnlyCosts is not null)
            .Where(detection => !Costs.All.Contains(detection.Found?.Failure.Violation.Invariant))
            .Select(detection => $"{detection.Defect.Name}: {detection.Found?.Failure.Violation.Invariant.Id ?? "nothing"}"));

    [Fact]
    public async Task Which_invariant_sees_which_defect_first()
    {
        announcer.Announce(detections.All.Where(detection => detection.Found is not null).Select(detection => detection.Told));
        await Verify(Matrix()).UseDirectory("Snapshots").UseFileName("Matrix");
    }

    [Fact]
    public void The_docs_have_CVE_2022_42703_from_generation_to_the_shortest_repro()
    {
        string page = Checkout.Text("docs/worked-example.md");
        string example = WorkedExample.Of(detections.All.Single(detection => detection.Defect.Name == "A01"));
        Assert.True(page.Contains(example, StringComparison.Ordinal),
            $"docs/worked-example.md lacks this example. Put it there:\n\n{example}");
    }

    private string Matrix()
    {
        var text = new StringBuilder();
        Rows(text, "first invariant", detections.All.Where(detection => detection.Defect.OnlyCosts is null));
        text.Append("\nNo harm, but a cost:\n");
        Rows(text, "cost", detections.All.Where(detection => detection.Defect.OnlyCosts is not null));
        text.Append(
            "\nKnown: operations of the shortest scenario that the explorer met; with a star, that kernel tests or another model had\n");
        text.Append("where the explorer does not get so far; -: neither is there.\n\n");
        Told(text, "the explorer", [.. Compared.Where(each => each.IsExplored)]);
        Told(text, "the catalogue alone", [.. Compared.Where(each => !each.IsExplored)]);
        return text.ToString().TrimEnd('\n');
    }

    private static void Told(StringBuilder text, string whose, (string Name, int Length, int Known, bool IsExplored)[] compared)
    {
        string longer = string.Join(", ", compared.Where(each => each.Length > each.Known)
            .Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Name} by {each.Length - each.Known}"))
            .DefaultIfEmpty("none"));
        text.Append(CultureInfo.InvariantCulture, $"Known by {whose}: {compared.Length}. ");
        text.Append(CultureInfo.InvariantCulture, $"Shorter: {compared.Count(each => each.Length < each.Known)}. ");
        text.Append(CultureInfo.InvariantCulture, $"As short: {compared.Count(each => each.Length == each.Known)}. Longer: {longer}.\n");
    }

    private static void Rows(StringBuilder text, string seenBy, IEnumerable<Detection> rows)
    {
        text.Append(CultureInfo.InvariantCulture, $"defect  {seenBy,-23}else, then             scenarios  operations  known\n");
        foreach (Detection detection in rows)
        {
            if (detection.Found is { } found)
            {
                Defect defect = detection.Defect;
                text.Append(CultureInfo.InvariantCulture, $"{defect.Name,-8}{found.Failure.Violation.Invariant,-23}");
                text.Append(CultureInfo.InvariantCulture, $"{detection.Else()?.Id ?? "-",-23}");
                text.Append(CultureInfo.InvariantCulture, $"{found.Index + 1,9}{detection.Length,12}");
                text.Append(CultureInfo.InvariantCulture, $"{Known(defect),8}  {defect.Title}");
                text.Append(defect.OnlyCosts is null ? "\n" : $": {defect.OnlyCosts}\n");
            }
        }
    }

    private static string Known(Defect defect) => Shortest.Explored(defect) is { } explored ? $"{explored} "
        : Shortest.Known(defect) is { } known ? $"{known}*"
        : "- ";
}
