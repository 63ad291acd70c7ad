using System.Collections.Immutable;
using Rmap.Properties.Running;

namespace Rmap.Properties.Generating;

/// <summary>A case that is generated while it runs: each operation is chosen by looking at the machine, executed and checked.</summary>
public static class GeneratedRun
{
    /// <summary>Generates and checks one case.</summary>
    /// <param name="profile">How often which operation is drawn.</param>
    /// <param name="seed">The same seed gives the same case.</param>
    /// <param name="rules">The rules it runs under.</param>
    /// <param name="limits">Its size.</param>
    /// <param name="observer">Told of every step, or null.</param>
    /// <param name="checksCosts">Whether <see cref="Costs"/> are checked, too.</param>
    /// <param name="excused">Counts for each known fault of Linux the pages that it may have cost somebody; or null.</param>
    /// <returns>The scenario, up to its failure if it has one.</returns>
    public static (Scenario Scenario, Failure? Failure) Check(
        Profile profile, ulong seed, Rules rules, Limits? limits = null, IStepObserver? observer = null, bool checksCosts = true,
        long[]? excused = null)
    {
        limits ??= Limits.Default;
        var chooser = new OperationChooser(profile, seed, limits);
        var run = new CheckedMachine(rules, chooser.Options, checksCosts);
        ImmutableArray<Step>.Builder steps = ImmutableArray.CreateBuilder<Step>(limits.Operations);
        Failure? failure = null;
        while (steps.Count < limits.Operations && failure is null)
        {
            Operation operation = chooser.Next(run.Machine);
            steps.Add(operation);
            observer?.Before(run.Machine, operation);
            if (run.Execute(operation, out Outcome? outcome) is { } violation)
                failure = new Failure(steps.Count - 1, violation);
            else
                observer?.After(run.Machine, operation, outcome!);
        }

        // What was lost long ago shows only if somebody looks.
        if (failure is null && run.Contents.FirstWrongLoad() is { } look)
        {
            steps.Add(look);
            failure = run.Execute(look, out _) is { } violation ? new Failure(steps.Count - 1, violation) : null;
        }

        if (excused is not null)
            run.Contents.Faults.AddTo(excused);

        return (new Scenario(steps.ToImmutable(), chooser.Options, rules.Name), failure);
    }
}

/// <summary>Looks on while a case runs.</summary>
public interface IStepObserver
{
    /// <summary>An operation is about to be executed.</summary>
    void Before(Machine machine, Operation operation);

    /// <summary>It was executed, and all invariants hold.</summary>
    void After(Machine machine, Operation operation, Outcome outcome);
}
