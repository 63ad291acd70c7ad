using Rmap.Properties.Campaigns;
using Rmap.Properties.Generating;
using Rmap.Properties.Text;
using Xunit.Abstractions;

namespace Rmap.Properties.Properties;

/// <summary>The generator draws whatever can be said.</summary>
public class GrammarProperties(ITestOutputHelper output)
{
    private const int Scenarios = 100_000;

    /// <summary>Each production at least once in so many scenarios.</summary>
    private const int Rate = 2_000;

    [Fact]
    public void Every_production_and_every_setting_is_drawn()
    {
        int[] starts = [.. Enumerable.Range(0, Environment.ProcessorCount)];
        DrawnGrammar[] drawn = [.. starts.AsParallel().Select(start => Draw(start, starts.Length))];
        ILookup<string, int> counts = drawn.SelectMany(part => part.Counts).ToLookup(each => each.Production, each => each.Count);
        var rare = DrawnGrammar.All().Union(counts.Select(each => each.Key))
            .Select(production => (Production: production, Count: counts[production].Sum()))
            .OrderBy(each => each.Count).ThenBy(each => each.Production, StringComparer.Ordinal).ToList();
        foreach ((string production, int count) in rare.Take(20))
            output.WriteLine($"{count,8}  {production}");

        Assert.Contains($"counts {rare.Count} productions over ", Docs.Page("generator.md"));
        Assert.All(rare, each => Assert.True(
            each.Count >= Scenarios / Rate, $"'{each.Production}' is drawn {each.Count} times in {Scenarios} scenarios, too rarely."));
    }

    private static DrawnGrammar Draw(int start, int step)
    {
        var drawn = new DrawnGrammar();
        var plan = new CampaignPlan(new Linux618(), Profile.All, SuiteSettings.Seed);
        for (long i = start; i < Scenarios; i += step)
        {
            var chooser = new OperationChooser(plan.ProfileOf(i), plan.SeedOf(i));
            var machine = new Machine(plan.Rules, chooser.Options);
            drawn.Add(chooser.Options);
            for (int steps = 0; steps < plan.Limits.Operations; steps++)
            {
                Operation operation = chooser.Next(machine);
                drawn.Add(machine, operation);
                machine.Execute(operation);
            }
        }

        return drawn;
    }
}
