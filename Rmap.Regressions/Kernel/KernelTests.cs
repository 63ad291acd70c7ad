using Rmap.Properties.Campaigns;
using Rmap.Properties.Generating;
using Rmap.Regressions.Scenarios;
using Xunit.Abstractions;

namespace Rmap.Regressions.Kernel;

/// <summary>A real kernel and the model do the same.</summary>
public sealed class KernelTests(ITestOutputHelper output) : IDisposable
{
    private const long UsualScenarios = 1_200;

    private readonly string folder = Directory.CreateTempSubdirectory("rmap-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>On how many scenarios: RMAP_SCENARIOS; from which seed: RMAP_SEED.</summary>
    [KernelFact]
    public void A_kernel_and_the_model_agree_after_every_operation()
    {
        var program = new UserModeKernel(KernelFactAttribute.Kernel!);
        long scenarios = SuiteSettings.AreScenariosChosen ? SuiteSettings.Scenarios : UsualScenarios;
        var plan = new CampaignPlan(
            DifferCampaign.Identify(program).Rules, Profile.All, SuiteSettings.Seed, scenarios, Environment.ProcessorCount)
        {
            Limits = KernelCases.Limits,
            MostFailures = 5,
        };
        var campaign = new DifferCampaign(plan, program, SuiteSettings.Repros);
        campaign.Run();
        Assert.Equal("", string.Join("\n\n", campaign.Examine().Select(finding => DifferReport.Of(
            finding, $"case {finding.Index} of seed {plan.Seed}, profile {plan.ProfileOf(finding.Index)}", program.Path))));
        Assert.Empty(campaign.Unexplained);
        output.WriteLine($"{campaign.Progress.Scenarios} scenarios, {campaign.Progress.Operations} operations agree");
        Assert.Equal(scenarios, campaign.Progress.Scenarios);
    }

    /// <summary>Of the scenarios of this project those that a kernel can be asked for.</summary>
    [KernelFact]
    public void A_kernel_and_the_model_agree_on_the_stored_scenarios()
    {
        var program = new UserModeKernel(KernelFactAttribute.Kernel!);
        Rules rules = DifferCampaign.Identify(program).Rules;
        using var runner = new KernelRunner(program);
        Scenario[] asked = [.. StoredScenario.In("Scenarios").Select(name => StoredScenario.Read("Scenarios", name).File.Scenario)
            .Select(stored => new Scenario(stored.Steps, program.Adjust(stored.Options), rules.Name))
            .Where(scenario => program.Refuses(scenario) is null)];
        Assert.NotEmpty(asked);
        Assert.All(asked, scenario => Assert.True(Verdict.Of(runner.Run(scenario), []).Agrees, ScenarioText.Print(scenario)));
        output.WriteLine($"{asked.Length} stored scenarios agree");
    }

    [KernelFact]
    public void A_recording_is_the_same_in_every_boot()
    {
        var program = new UserModeKernel(KernelFactAttribute.Kernel!);
        var cases = new KernelCases(program, DifferCampaign.Identify(program).Rules);
        Sequence[] sequences =
            [.. Profile.All.Select(profile => new Sequence(cases.Draw(profile, 1, KernelCases.Limits), profile.Name, 1))];
        Assert.Empty(new Recorder(program, folder, kernels: 2).Record(sequences));
        Assert.All(Recordings.RecordingFile.At(folder), file => Assert.Equal(KernelCases.Limits.Operations, file.Read().Steps.Count));
        Assert.Equal(Profile.All.Count, Recordings.RecordingFile.At(folder).Count);
    }
}
