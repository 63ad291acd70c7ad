using System.Globalization;
using Rmap.Properties.Campaigns;
using Rmap.Properties.Defects;
using Rmap.Properties.Generating;

namespace Rmap.Regressions.Defects;

/// <summary>How many scenarios it takes to find a defect: the median over some seeds, the upper one of the two in the middle.</summary>
/// <param name="Defect">The defect.</param>
/// <param name="ByProfile">With each profile alone; null for more than <see cref="MostOfProfile"/>.</param>
/// <param name="Mix">With all in turn; null for more than <see cref="MostOfMix"/>.</param>
internal sealed record ProfileRow(string Defect, IReadOnlyList<int?> ByProfile, int? Mix)
{
    internal const int Seeds = 20, MostOfProfile = 100, MostOfMix = 20_000;

    /// <summary>
    /// Measures a defect. The cases of one profile are those that it has in the mix. What has not been found with half of the seeds is
    /// not looked for with the others.
    /// </summary>
    internal static ProfileRow Measure(Defect defect)
    {
        int profiles = Profile.All.Count;
        var found = new List<int>[profiles + 1];
        var missed = new int[profiles + 1];
        for (int column = 0; column <= profiles; column++)
            found[column] = [];

        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var plan = new CampaignPlan(defect, Profile.All, seed);
            var pending = new HashSet<int>(Enumerable.Range(0, profiles + 1).Where(column => missed[column] < Seeds / 2));
            for (int index = 0; index < MostOfMix && pending.Count > 0; index++)
            {
                int profile = index % profiles;
                int tried = (index / profiles) + 1;
                if (tried > MostOfProfile)
                    pending.RemoveWhere(column => column < profiles && ++missed[column] > 0);

                if (!pending.Contains(profile) && !pending.Contains(profiles))
                    continue;

                if (Fails(defect, plan, index))
                {
                    Note(profile, tried);
                    Note(profiles, index + 1);
                }
            }

            foreach (int column in pending)
                missed[column]++;

            void Note(int column, int number)
            {
                if (pending.Remove(column))
                    found[column].Add(number);
            }
        }

        int?[] medians = [.. found.Select(Median)];
        return new ProfileRow(defect.Name, medians[..profiles], medians[profiles]);
    }

    /// <summary>The mix alone, which is fast for what is found soon.</summary>
    internal static int? MeasureMix(Defect defect, int most)
    {
        var found = new List<int>();
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var plan = new CampaignPlan(defect, Profile.All, seed);
            int index = 0;
            while (index < most && !Fails(defect, plan, index))
                index++;

            if (index < most)
                found.Add(index + 1);
        }

        return Median(found);
    }

    private static bool Fails(Defect defect, CampaignPlan plan, int index) => GeneratedRun.Check(
        plan.ProfileOf(index), plan.SeedOf(index), defect, checksCosts: defect.OnlyCosts is not null).Failure is not null;

    /// <summary>Those with which nothing was found count as most.</summary>
    private static int? Median(List<int> found) =>
        found.Count > Seeds / 2 ? found.Order().ElementAt(Seeds / 2) : null;

    /// <summary>The row as it stands in the table.</summary>
    public override string ToString() => $"{Defect,-8}{string.Concat(ByProfile.Append(Mix).Select(Told))}";

    private static string Told(int? number) => $"{number?.ToString(CultureInfo.InvariantCulture) ?? "-",9}";

    /// <summary>Reads a row as it stands in the table.</summary>
    internal static ProfileRow Parse(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int?[] numbers =
            [.. words[1..].Select(word => word == "-" ? (int?)null : int.Parse(word, NumberStyles.None, CultureInfo.InvariantCulture))];
        return new ProfileRow(words[0], numbers[..^1], numbers[^1]);
    }
}
