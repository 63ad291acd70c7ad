using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rmap.Properties.Generating;

namespace Rmap.Properties.Properties;

/// <summary>
/// What generated cases come to, for each version: how often an operation came to which outcome, and for each profile a digest of all
/// outcomes and of the states on the way. A change of the model that nobody meant shows here even where no invariant is broken; one
/// that is meant is approved by diff, and the counts say where to look.
/// </summary>
[Trait("Speed", "Quick")]
public class BehaviourTests
{
    private const int CasesOfProfile = 20;

    /// <summary>The state is looked at after so many operations.</summary>
    private const int Stride = 25;

    public static TheoryData<string> Versions => [.. RulesCatalogue.Linux.Names];

    [Theory]
    [MemberData(nameof(Versions))]
    public Task Generated_cases_come_to_what_was_approved(string version)
    {
        var outcomes = new SortedDictionary<string, SortedDictionary<string, int>>(StringComparer.Ordinal);
        var told = new StringBuilder();
        foreach (Profile profile in Profile.All)
        {
            var watch = new Watch(outcomes);
            for (ulong seed = 1; seed <= CasesOfProfile; seed++)
                GeneratedRun.Check(profile, seed, RulesCatalogue.Linux.Find(version)!, observer: watch);

            told.Append(CultureInfo.InvariantCulture, $"{profile.Name,-8} {watch.Digest}\n");
        }

        told.Append('\n');
        foreach ((string operation, SortedDictionary<string, int> counts) in outcomes)
        {
            IEnumerable<string> parts = counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Key} {count.Value}"));
            told.Append(CultureInfo.InvariantCulture, $"{operation,-14} {string.Join(", ", parts)}\n");
        }

        return Verify(told.ToString().TrimEnd()).UseDirectory("Behaviour").UseFileName(version);
    }

    private sealed class Watch(SortedDictionary<string, SortedDictionary<string, int>> outcomes) : IStepObserver
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private int steps;

        internal string Digest => Convert.ToHexStringLower(hash.GetCurrentHash())[..16];

        public void Before(Machine machine, Operation operation)
        {
        }

        public void After(Machine machine, Operation operation, Outcome outcome)
        {
            string kind = operation.GetType().Name;
            string come = outcome.Succeeded ? "done" : outcome.ToString();
            if (!outcomes.TryGetValue(kind, out SortedDictionary<string, int>? counts))
                outcomes[kind] = counts = new SortedDictionary<string, int>(StringComparer.Ordinal);

            counts[come] = counts.GetValueOrDefault(come) + 1;
            Add($"{ScenarioText.Print(operation)} => {outcome}\n");
            if (++steps % Stride == 0)
                Add(StateText.Of(machine, new StateNames()));
        }

        private void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
