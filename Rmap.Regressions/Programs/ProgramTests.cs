using System.Runtime.CompilerServices;
using System.Text;
using Rmap.Properties.Running;
using Rmap.Properties.Strace;

namespace Rmap.Regressions.Programs;

/// <summary>
/// What real programs did to their memory, logged by strace: all invariants hold after every operation, and the model answers every
/// call as the kernel did.
/// </summary>
public class ProgramTests
{
    private static readonly string[] Programs = ["pipeline", "python3", "make", "xz", "postgres"];

    [Fact]
    public Task Real_programs_keep_all_invariants()
    {
        var table = new StringBuilder("          operations  processes  at once      VMAs       AVs  longest chain  left out\n");
        foreach (string program in Programs)
            table.Append($"{program,-10}{Run(program)}\n");

        return Verify(table.ToString().TrimEnd());
    }

    /// <summary>Runs a program's log and counts; of what comes and goes the most that there is at once.</summary>
    private static string Run(string program)
    {
        string log = $"{program}.strace";
        Assert.True(
            StraceScenario.TryRead(File.ReadAllText(Path.Combine(Folder(), log)), log, out StraceScenario? read, out ScenarioError? error),
            error?.ToString());
        var run = new CheckedMachine(RulesCatalogue.Linux.Default, read.Scenario.Options);
        int all = 1, processes = 0, vmas = 0, anonVmas = 0, longest = 0;
        foreach (Step step in read.Scenario.Steps)
        {
            Violation? violation = run.Execute(step.Operation, out Outcome? outcome);
            string line = ScenarioText.Print(step.Operation);
            Assert.True(violation is null, $"{program}: {line}: {violation?.Invariant.Id} does not hold");
            Assert.True(step.Accepts(outcome!), $"{program}: {line}: Linux gave {step.Expected}, the model {outcome}");
            all += step.Operation is Operation.Fork or Operation.CloneVm ? 1 : 0;
            List<VmArea> mapped = [.. run.Machine.Processes.Select(process => process.Mm).Distinct().SelectMany(mm => mm.Vmas)];
            processes = Math.Max(processes, run.Machine.Processes.Count);
            vmas = Math.Max(vmas, mapped.Count);
            anonVmas = Math.Max(anonVmas, mapped.SelectMany(vma => vma.Chain).Select(link => link.AnonVma).Distinct().Count());
            longest = mapped.Select(vma => vma.Chain.Count()).Append(longest).Max();
        }

        string leftOut = string.Join(", ", read.LeftOut.Select(each => $"{each.Count} {each.What}"));
        return $"{read.Scenario.Steps.Length,10}  {all,9}  {processes,7}  {vmas,8}  {anonVmas,8}  {longest,13}  {leftOut}";
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
