using System.Collections.Immutable;

namespace Rmap.Properties.Exploring;

/// <summary>
/// The operations that an <see cref="Explorer"/> combines. Written as a scenario with choices: of words with bars between them each is
/// taken once, in all combinations; <c>P*</c> is a choice of all processes. So with two processes <c>P* write 0|1 = 1</c> stands for
/// four operations. Every process has the same choices, for their numbers mean nothing to the explorer.
/// </summary>
public sealed class Alphabet
{
    /// <summary>An alphabet.</summary>
    /// <param name="name">Its name on the command line.</param>
    /// <param name="processes">Processes alive at once, at most.</param>
    /// <param name="text">A scenario with choices; its options are those of the machine.</param>
    /// <exception cref="FormatException">It is no scenario.</exception>
    public Alphabet(string name, int processes, string text)
    {
        Name = name;
        string every = string.Join('|', Enumerable.Range(0, processes).Select(number => new ProcessId(number)));
        Scenario all = ScenarioText.Parse(string.Join('\n', text.Replace("P*", every).Split('\n').SelectMany(Choices)), name);
        Options = all.Options;
        Operations = [.. all.Steps.Select(step => step.Operation)];
    }

    /// <summary>Its name on the command line.</summary>
    public string Name { get; }

    /// <summary>The machine's settings.</summary>
    public MachineOptions Options { get; }

    /// <summary>The operations, those to be preferred in a repro first.</summary>
    public ImmutableArray<Operation> Operations { get; }

    private static IEnumerable<string> Choices(string line)
    {
        IEnumerable<string> lines = [""];
        foreach (string word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            lines = [.. lines.SelectMany(begun => word.Split('|').Select(choice => $"{begun} {choice}"))];

        return lines;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
