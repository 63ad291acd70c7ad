using System.Globalization;
using System.Text;
using Rmap.Properties.Campaigns;
using Rmap.Properties.Defects;
using Rmap.Properties.Generating;
using Rmap.Properties.Reporting;
using Rmap.Properties.Running;

namespace Rmap.Regressions.Defects;

/// <summary>
/// What the suite makes of a defect: the first cases of its own generator, all profiles in turn, that break an invariant, and the
/// shortest of their minimal scenarios. Nothing here knows which defect it is.
/// </summary>
/// <param name="Defect">The defect.</param>
/// <param name="Found">What was found, or null.</param>
/// <param name="Cases">The first cases that failed.</param>
public sealed record Detection(Defect Defect, BrokenInvariant? Found, IReadOnlyList<long> Cases)
{
    /// <summary>Cases tried at most for a defect.</summary>
    public const long Budget = 40_000;

    /// <summary>After so many cases that fail no more is tried.</summary>
    internal const int Most = 3;

    /// <summary>Where the cases come from.</summary>
    internal const ulong Seed = 1;

    /// <summary>Looks for a defect: in the cases that are kept, where searching takes long; if not all of them fail, everywhere.</summary>
    public static Detection Of(Defect defect) =>
        KeptCases.InsteadOfSearch(defect) is { } kept && In(PlanFor(defect) with { Cases = kept }, defect) is var detection
            && detection.Cases.Count == kept.Count
            ? detection
            : Search(defect);

    /// <summary>Looks for a defect from the first case on.</summary>
    internal static Detection Search(Defect defect) => In(PlanFor(defect), defect);

    private static Detection In(CampaignPlan plan, Defect defect)
    {
        var campaign = new Campaign(plan);
        BrokenInvariant? found = campaign.Run().MinBy(found => found.Scenario.Steps.Length);
        return new Detection(defect, found, campaign.FailedCases);
    }

    /// <summary>Operations of the minimal scenario.</summary>
    public int Length => Found!.Scenario.Steps.Length;

    /// <summary>
    /// What would see the minimal scenario's last state if the invariant that saw it first were not there; null if nothing would, and it
    /// would take more operations, or never be seen.
    /// </summary>
    public Invariant? Else()
    {
        var run = new CheckedMachine(
            Defect, Found!.Scenario.Options, checksCosts: Defect.OnlyCosts is not null, except: Found.Failure.Violation.Invariant);
        Violation? violation = null;
        foreach (Step step in Found.Scenario.Steps)
            violation = run.Execute(step.Operation, out _);

        return violation?.Invariant;
    }

    /// <summary>What is told of it in one line.</summary>
    public string Told => string.Create(
        CultureInfo.InvariantCulture,
        $"{Defect.Name}: {Length} operation{(Length == 1 ? "" : "s")}, {Found!.Failure.Violation.Invariant}: {Defect.Title}");

    /// <summary>What a person reads about it.</summary>
    public string Report()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Defect.Name} ({Defect.LongName}): {Defect.Title}\n");
        Profile profile = PlanFor(Defect).ProfileOf(Found!.Index);
        text.Append(CultureInfo.InvariantCulture, $"found in scenario {Found.Index + 1}, of profile {profile}; ");
        text.Append(CultureInfo.InvariantCulture, $"shrunk to {Length} operations, {Known}\n\n");
        return text.Append(FailureReport.Of(Found.Scenario, Defect)).ToString();
    }

    /// <summary>The case in which it was found, as it was generated, up to its failure.</summary>
    public Scenario Generated()
    {
        CampaignPlan plan = PlanFor(Defect);
        return GeneratedRun.Check(plan.ProfileOf(Found!.Index), plan.SeedOf(Found.Index), Defect, plan.Limits).Scenario;
    }

    private string Known =>
        Shortest.Explored(Defect) is { } explored ? $"the shortest that the explorer met has {explored}"
        : Shortest.Known(Defect) is { } known ? $"the shortest of the catalogue has {known}"
        : "how short one can be is unknown";

    private static CampaignPlan PlanFor(Defect defect) =>
        new(defect, Profile.All, Seed, Budget)
        {
            MostFailures = Most,
            ChecksCosts = defect.OnlyCosts is not null,
        };
}
