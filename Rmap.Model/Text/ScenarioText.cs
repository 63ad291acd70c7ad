using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Rmap.Model.Text;

/// <summary>
/// The written form of a <see cref="Scenario"/>: first its rules, its settings and what it shows, then one operation a line, perhaps with
/// its expected outcome, and between them what is to be seen; <c>#</c> begins a comment. The grammar is in <c>docs/scenario.md</c>.
/// What is printed reads back as the same scenario; comments are not part of it.
/// </summary>
public static class ScenarioText
{
    /// <summary>All kinds of lines, as the tables have them. Capitals stand for something, what is in brackets may be left out.</summary>
    public static IEnumerable<string> Grammar =>
    [
        "rules NAME",
        .. Setting.All.Select(setting => $"option {setting.Word} {setting.Terms}".TrimEnd()),
        "shows SECTION ...",
        .. Expectation.Notations,
        "together",
        "as TURN ...",
        .. OperationTable.Rows.Select(OperandTerms.Notation),
    ];

    /// <summary>The scenario in its canonical form, each line ended by a line feed.</summary>
    /// <param name="scenario">What to print.</param>
    /// <param name="heading">Lines that go before it, as comments.</param>
    /// <exception cref="ArgumentException">It has a name or a setting that no scenario can be read with.</exception>
    public static string Print(Scenario scenario, string? heading = null) =>
        string.Concat(heading?.Split('\n').Select(line => line.Length == 0 ? "#\n" : $"# {line}\n") ?? []) + scenario;

    /// <summary>One operation, without the end of the line.</summary>
    public static string Print(Operation operation) => OperandTerms.Text(operation);

    /// <summary>Reads a scenario from bytes that are meant to be UTF-8. Whatever they are, there is an answer.</summary>
    /// <param name="bytes">The file's content.</param>
    /// <param name="name">The file's name, for the error.</param>
    /// <param name="file">The scenario with its lines, or null.</param>
    /// <param name="error">The first thing that is wrong, or null.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, string name, [NotNullWhen(true)] out ScenarioFile? file, [NotNullWhen(false)] out ScenarioError? error) =>
        TryParse(Encoding.UTF8.GetString(bytes), name, out file, out error);

    /// <summary>Reads a scenario. Whatever the text is, there is an answer.</summary>
    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, string, out ScenarioFile?, out ScenarioError?)"/>
    public static bool TryParse(
        string text, string name, [NotNullWhen(true)] out ScenarioFile? file, [NotNullWhen(false)] out ScenarioError? error)
    {
        var builder = new Builder();
        int number = 0;
        foreach (string line in text.TrimStart('\uFEFF').Split('\n'))
        {
            number++;
            var reader = new ScenarioReader(line);
            builder.Add(reader, number);
            if (reader.Problem is (int column, string found, string expected))
            {
                error = new ScenarioError(name, number, column, found, expected);
                file = null;
                return false;
            }
        }

        error = null;
        file = builder.ToFile(name);
        return true;
    }

    /// <summary>Reads a scenario that is known to be one.</summary>
    /// <exception cref="FormatException">It is none; the message is the <see cref="ScenarioError"/>.</exception>
    public static Scenario Parse(string text, string name = "scenario") =>
        TryParse(text, name, out ScenarioFile? file, out ScenarioError? error)
            ? file.Scenario
            : throw new FormatException(error.ToString());

    private sealed class Builder
    {
        private readonly ImmutableArray<Step>.Builder steps = ImmutableArray.CreateBuilder<Step>();
        private readonly ImmutableArray<Expectation>.Builder expectations = ImmutableArray.CreateBuilder<Expectation>();
        private readonly List<int> lines = [];
        private readonly List<int> expectationLines = [];
        private readonly HashSet<string> given = [];
        private readonly ImmutableArray<Block>.Builder blocks = ImmutableArray.CreateBuilder<Block>();
        private Scenario scenario = Scenario.Of();
        private bool isTogether;

        internal void Add(ScenarioReader line, int number)
        {
            if (line.AtEnd)
                return;

            if (steps.Count == 0 && line.Take("option"))
            {
                if (!given.Add(line.Token))
                    line.Fail("each option only once");

                scenario = scenario with { Options = ScenarioGrammar.ReadSetting(line, scenario.Options) };
            }
            else if (steps.Count == 0 && scenario.Rules is null && line.Take("rules"))
            {
                scenario = scenario with { Rules = line.Name("the name of rules") };
            }
            else if (steps.Count == 0 && scenario.Shows == StateSections.None && line.Take("shows"))
            {
                scenario = scenario with { Shows = ScenarioGrammar.ReadShown(line) };
            }
            else if (line.Token is "option" or "rules" or "shows")
            {
                line.Fail("an operation: rules, options and what is shown stand before the first one, rules and shows only once");
            }
            else if (line.Take("together"))
            {
                CloseEmpty();
                blocks.Add(new Block(steps.Count, [], []));
                isTogether = true;
            }
            else if (isTogether && line.TakeLabel(out int task))
            {
                blocks[^1] = blocks[^1] with { Tasks = blocks[^1].Tasks.Add(task) };
                AddStep(line, number);
            }
            else if (isTogether && line.Take("as"))
            {
                blocks[^1] = blocks[^1] with { Schedule = Block.ReadSchedule(line) };
                isTogether = false;
                CloseEmpty();
            }
            else if (line.Take("expect"))
            {
                isTogether = false;
                expectations.Add(Expectation.Read(line, steps.Count));
                expectationLines.Add(number);
            }
            else
            {
                isTogether = false;
                AddStep(line, number);
            }

            line.End();
        }

        private void AddStep(ScenarioReader line, int number)
        {
            Operation? operation = ScenarioGrammar.ReadOperation(line);
            steps.Add(new Step(operation!, line.Take("=>") ? ScenarioGrammar.ReadOutcome(line) : null));
            lines.Add(number);
        }

        /// <summary>A block without a task is none.</summary>
        private void CloseEmpty()
        {
            if (blocks.Count > 0 && blocks[^1].Tasks.Length == 0)
                blocks.RemoveAt(blocks.Count - 1);
        }

        internal ScenarioFile ToFile(string name)
        {
            CloseEmpty();
            return new(
                name,
                scenario with { Steps = steps.ToImmutable(), Expectations = expectations.ToImmutable(), Blocks = blocks.ToImmutable() },
                lines, expectationLines);
        }
    }
}
