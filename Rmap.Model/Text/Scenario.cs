using System.Collections.Immutable;
using System.Text;
using Rmap.Model.Sched;

namespace Rmap.Model.Text;

/// <summary>One step of a <see cref="Scenario"/>.</summary>
/// <param name="Operation">What is done.</param>
/// <param name="Expected">What has to come of it, or null if nothing is said about that.</param>
public readonly record struct Step(Operation Operation, Outcome? Expected = null)
{
    /// <summary>A step that expects nothing.</summary>
    public static implicit operator Step(Operation operation) => new(operation);

    /// <summary>
    /// Whether the outcome is the expected one, or none was. Both are compared as they are printed: of the flags of
    /// <see cref="Outcome.References"/> only those that have a letter count.
    /// </summary>
    public bool Accepts(Outcome outcome) => Expected is null || Expected == outcome || Expected.ToString() == outcome.ToString();
}

/// <summary>
/// A test case, a repro, a regression: settings and a list of operations. Every subsequence of a scenario is a scenario.
/// <see cref="ScenarioText"/> is its written form.
/// </summary>
/// <param name="Steps">The steps, in order.</param>
/// <param name="Options">The machine's settings; <see cref="MachineOptions.Default"/> if null.</param>
/// <param name="Rules">The name of the rules it is meant for, or null for whatever is asked for.</param>
/// <param name="Shows">The sections of the state that it is about; none if it does not say.</param>
public sealed record Scenario(
    ImmutableArray<Step> Steps, MachineOptions? Options = null, string? Rules = null, StateSections Shows = StateSections.None)
{
    /// <summary>The machine's settings.</summary>
    public MachineOptions Options { get; init; } = Options ?? MachineOptions.Default;

    /// <summary>What is to be seen between operations.</summary>
    public ImmutableArray<Expectation> Expectations { get; init; } = [];

    /// <summary>The steps that are carried out together, in order; none overlaps another.</summary>
    public ImmutableArray<Block> Blocks { get; init; } = [];

    /// <summary>A scenario of these operations, with default settings and no expectations.</summary>
    public static Scenario Of(params IEnumerable<Operation> operations) => new([.. operations.Select(operation => new Step(operation))]);

    /// <inheritdoc/>
    public bool Equals(Scenario? other) =>
        other is not null && Rules == other.Rules && Options == other.Options && Shows == other.Shows
        && Steps.AsSpan().SequenceEqual(other.Steps.AsSpan()) && Expectations.SequenceEqual(other.Expectations)
        && Blocks.SequenceEqual(other.Blocks);

    /// <inheritdoc/>
    public override int GetHashCode() => Steps.Aggregate(HashCode.Combine(Rules, Options, Shows), HashCode.Combine);

    /// <summary>The scenario as text, in its canonical form, each line ended by a line feed.</summary>
    /// <exception cref="ArgumentException">It has a name or a setting that no scenario can be read with.</exception>
    public override string ToString()
    {
        var text = new StringBuilder(Rules is null ? "" : $"rules {Term.Checked(Rules)}\n");
        foreach (Setting setting in Setting.All)
            setting.Write(text, Options);

        text.Append(Shows == StateSections.None ? "" : $"shows {StateSectionWords.Of(Shows)}\n");
        ILookup<int, Expectation> seen = Expectations.ToLookup(each => each.After);
        text.AppendJoin("", seen[0].Select(each => $"{each}\n"));
        ILookup<int, Block> together = Blocks.ToLookup(block => block.First);
        Block? within = null;
        foreach ((int index, Step step) in Steps.Index())
        {
            foreach (Block block in together[index])
            {
                text.Append("together\n");
                within = block;
            }

            text.Append(within is null ? "" : $"  {Turn.Letter(within.Tasks[index - within.First])}: ");
            text.Append(OperandTerms.Text(step.Operation)).Append(step.Expected is null ? "" : $" => {step.Expected}").Append('\n');
            if (within?.End == index + 1)
            {
                text.Append(within.AsText);
                within = null;
            }

            text.AppendJoin("", seen[index + 1].Select(each => $"{each}\n"));
        }

        return text.ToString();
    }
}
