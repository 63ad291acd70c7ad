using System.Collections.Immutable;
using Rmap.Properties.Generating;

namespace Rmap.Regressions.Kernel;

/// <summary>The suite's own generator for a kernel: what the kernel cannot be asked for is left out.</summary>
/// <param name="program">The kernel.</param>
/// <param name="rules">The rules that the model follows, which choose along the way.</param>
internal sealed class KernelCases(KernelProgram program, Rules rules)
{
    /// <summary>Operations of a case.</summary>
    internal static readonly Limits Limits = Limits.Default with { Operations = 30, IsPlain = true };

    /// <summary>The rules that the model follows.</summary>
    internal Rules Rules => rules;

    /// <summary>One case: the same for the same seed, whatever kernel it is for, as long as the model behaves alike.</summary>
    internal Scenario Draw(Profile profile, ulong seed, Limits limits)
    {
        var chooser = new OperationChooser(profile, seed, limits);
        MachineOptions options = program.Adjust(chooser.Options);
        var machine = new Machine(rules, options);
        ImmutableArray<Step>.Builder steps = ImmutableArray.CreateBuilder<Step>(limits.Operations);
        for (int tries = 0; steps.Count < limits.Operations && tries < limits.Operations * 4; tries++)
        {
            Operation operation = program.Adjust(chooser.Next(machine));
            if (program.Refuses(operation) is null)
            {
                steps.Add(operation);
                if (!TryExecute(machine, operation))
                    break;
            }
        }

        return new Scenario(steps.ToImmutable(), options, rules.Name);
    }

    /// <summary>A model that cannot go on ends the case: comparing it tells why.</summary>
    private static bool TryExecute(Machine machine, Operation operation)
    {
        try
        {
            machine.Execute(operation);
            return true;
        }
#pragma warning disable CA1031 // The comparison meets it again, and reports it.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }
}
