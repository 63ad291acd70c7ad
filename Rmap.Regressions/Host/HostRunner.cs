using System.Text;
using System.Text.Json;
using Rmap.Regressions.Kernel;

namespace Rmap.Regressions.Host;

/// <summary>Where the running kernel and the model part.</summary>
/// <param name="Step">After which operation; -1 at the start.</param>
/// <param name="Kind">What differs: a result, a VMA, a page; or what became of the tree.</param>
/// <param name="Kernel">What the kernel says.</param>
/// <param name="Model">What the model says.</param>
internal sealed record HostDifference(int Step, string Kind, string Kernel, string Model);

/// <summary>Runs scenarios on the running kernel and on the model, and compares after every operation what can be seen.</summary>
/// <param name="program">The process tree.</param>
/// <param name="rules">The rules that the model follows.</param>
internal sealed class HostRunner(HostTree program, Rules rules) : IDisposable
{
    /// <summary>The tree stays on the first processor that this process may use.</summary>
    private const int Processor = 0;

    private readonly HostEyes eyes = new();
    private RunningKernel? tree;

    /// <summary>Differences that did not come again.</summary>
    internal int Fleeting { get; private set; }

    /// <summary>
    /// The first difference, if it comes again three times in fresh trees; else null. Now and then a batch of pages on another
    /// processor, or a page that somebody else looks at, lets one be seen that no kernel means.
    /// </summary>
    internal HostDifference? Compare(Scenario scenario)
    {
        if (Once(scenario) is not { } difference)
            return null;

        for (int i = 0; i < 3; i++)
        {
            End();
            if (Once(scenario) != difference)
            {
                Fleeting++;
                return null;
            }
        }

        return difference;
    }

    /// <summary>The first difference, believed at once.</summary>
    internal HostDifference? Once(Scenario scenario)
    {
        tree ??= RunningKernel.Boot(program, Processor);
        program.Ksm?.Forget();
        var machine = new Machine(rules, scenario.Options);
        string[] requests = Encoding.UTF8.GetString(Requests.Of(scenario).Span).TrimEnd('\n').Split('\n');
        HostDifference? difference = null;
        for (int step = -1; step < scenario.Steps.Length && difference is null; step++)
        {
            Operation? operation = step < 0 ? null : scenario.Steps[step].Operation;
            Outcome? outcome = operation is null ? null : machine.Execute(operation);
            if (operation is Operation.KsmScan && outcome is Outcome.Success { Value: var passes })
                program.Ksm!.Scan(passes);

            difference = Step(requests[step + 1], step, operation, outcome, machine);
        }

        return difference;
    }

    public void Dispose()
    {
        End();
        eyes.Dispose();
    }

    private HostDifference? Step(string request, int step, Operation? operation, Outcome? outcome, Machine machine)
    {
        tree!.Send(Encoding.UTF8.GetBytes(request + "\n"));
        if (tree.Answer(out Trouble trouble) is not { } answer)
        {
            string console = tree.Console;
            End();
            return new HostDifference(step, trouble.ToString(), $"no answer; it said: {console}", "an answer");
        }

        using JsonDocument told = JsonDocument.Parse(answer);
        string? result = operation is null or Operation.KsmScan ? null : Result(told.RootElement.GetProperty("result"));
        if (result is not null && result != outcome!.ToString())
            return new HostDifference(step, "result", result, outcome.ToString());

        HostView seen = eyes.Look(told.RootElement.GetProperty("pids").EnumerateObject()
            .Select(pid => (new ProcessId(int.Parse(pid.Name)), pid.Value.GetInt32())));
        return FirstDifference(step, seen.Lines, HostView.Of(machine).Lines);
    }

    private static HostDifference? FirstDifference(int step, IReadOnlyList<string> kernel, IReadOnlyList<string> model)
    {
        int most = Math.Max(kernel.Count, model.Count);
        for (int i = 0; i < most; i++)
        {
            string left = i < kernel.Count ? kernel[i] : "nothing more", right = i < model.Count ? model[i] : "nothing more";
            if (left != right)
            {
                bool isVma = left.Contains(" vma ", StringComparison.Ordinal) || right.Contains(" vma ", StringComparison.Ordinal);
                return new HostDifference(step, isVma ? "VMA" : "page", left, right);
            }
        }

        return null;
    }

    private static string Result(JsonElement result) =>
        result.TryGetProperty("ok", out JsonElement value) ? value.GetRawText()
        : result.TryGetProperty("errno", out JsonElement errno) ? errno.GetString()!
        : result.GetProperty("signal").GetString()!;

    private void End()
    {
        tree?.Dispose();
        tree = null;
    }
}
