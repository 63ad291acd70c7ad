namespace Rmap.Regressions.Recordings;

/// <summary>
/// Executes a recording's operations on the model, as a rule with the rules of the kernel that was recorded, and compares the whole
/// state after each with what the kernel said, up to the names of things.
/// </summary>
internal sealed partial class Replay
{
    private static readonly int Kinds = Enum.GetValues<FieldKind>().Length;

    private readonly Recording recording;
    private readonly Machine machine;
    private readonly Naming<Page> pages = new();
    private readonly Naming<AnonVma> anonVmas = new();
    private readonly Naming<StableNode> stableNodes = new();
    private readonly Naming<AddressSpace> files = new();
    private readonly Naming<SwapSlot> slots = new(slot => slot.IsFree);
    private readonly int[] agreeing = new int[Kinds];
    private readonly bool[] differsNow = new bool[Kinds], differedBefore = new bool[Kinds];
    private readonly List<Difference> differences = [];
    private int step = -1;

    private Replay(Recording recording, Rules rules)
    {
        this.recording = recording;
        machine = new Machine(rules, recording.Options);
    }

    /// <param name="recording">What a kernel did.</param>
    /// <param name="rules">The rules to follow; those of the kernel's version if null.</param>
    public static ReplayResult Run(Recording recording, Rules? rules = null) =>
        new Replay(recording, rules ?? KernelRules.Of(recording.Kernel)).Run();

    private ReplayResult Run()
    {
        Compare(recording.Start);
        for (step = 0; step < recording.Steps.Count; step++)
        {
            Array.Clear(differsNow);
            RecordedStep recorded = recording.Steps[step];
            string result = Execute(recorded.Operation);
            Check(FieldKind.Result, "result", recorded.Result.ToString()!, result);
            Compare(recorded.State);
            for (int kind = 0; kind < Kinds; kind++)
                agreeing[kind] += differsNow[kind] ? 0 : 1;
        }

        return new ReplayResult(recording, agreeing, [.. differences.OrderBy(each => each.Step).ThenBy(each => each.Kind)]);
    }

    /// <summary>What the model answers. A model that throws is a disagreement like any other.</summary>
    private string Execute(Operation operation)
    {
        try
        {
            return machine.Execute(operation).ToString()!;
        }
#pragma warning disable CA1031 // The replay goes on, and reports what happened.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Thrown(e);
        }
    }

    private static string Thrown(Exception e)
    {
        string place = e.StackTrace?.Split('\n')[0].Trim() ?? "";
        return e is NotImplementedException ? $"not implemented {place}" : $"{e.GetType().Name} ({e.Message}) {place}";
    }

    private void Compare(RecordedState state)
    {
        try
        {
            CompareProcesses(state);
            CompareFiles(state);
            CompareSwap(state);
            CompareKsm(state.Ksm);
            CompareFrames(state);
            CompareAnonVmas(state);
            CompareWalks(state);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Report(FieldKind.Frames, "the model's state", "readable", Thrown(e));
            Array.Fill(differsNow, true);
        }
    }

    private void Check(FieldKind kind, string path, string recorded, string model)
    {
        if (recorded != model)
            Report(kind, path, recorded, model);
    }

    /// <summary>What cannot be compared, because what it belongs to differs, does not agree either.</summary>
    private void Skip(FieldKind first, FieldKind last) => differsNow.AsSpan((int)first..((int)last + 1)).Fill(true);

    private void Report(FieldKind kind, string path, object? recorded, object? model)
    {
        differsNow[(int)kind] = true;
        if (!differedBefore[(int)kind])
        {
            differedBefore[(int)kind] = true;
            string operation = step < 0 ? "start" : ScenarioText.Print(recording.Steps[step].Operation);
            differences.Add(new Difference(step, operation, kind, path, recorded?.ToString() ?? "none", model?.ToString() ?? "none"));
        }
    }
}
