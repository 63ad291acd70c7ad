using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Rmap.Model.Sched;
using Rmap.Properties.Reporting;
using Rmap.Properties.Together;

namespace Rmap.Properties.Racing;

/// <summary>
/// A block as a table: a line for each step, a column for each task, and behind them the locks that are held. Below a step stands what it
/// has changed, if that is asked for.
/// </summary>
/// <param name="machine">The machine before the block.</param>
/// <param name="block">What runs the tasks.</param>
/// <param name="tasks">What they do.</param>
/// <param name="names">The names of things in the state, or null to leave out what changes.</param>
/// <param name="inner">Who else looks on, after it, or null.</param>
public sealed class BlockColumns(
    Machine machine, Interleaving block, ImmutableArray<ImmutableArray<Operation>> tasks, StateNames? names = null,
    IBlockWatcher? inner = null)
    : IBlockWatcher
{
    private readonly List<(string Step, int Task, string What, string Locks)> rows = [];
    private readonly int[] told = new int[tasks.Length];

    private string before = names is null ? "" : StateText.Of(machine, names);
    private int steps;

    /// <summary>The table of the first block of a scenario, with all that it comes to until something is wrong.</summary>
    public static string Of(Scenario scenario, Rules rules)
    {
        using var threads = new Interleaving();
        var block = BlockCase.Of(scenario, scenario.Blocks[0]);
        Machine machine = block.Start(rules);
        var columns = new BlockColumns(machine, threads, block.Tasks, names: null, new StepChecker(machine, threads));
        new BlockRun(block, rules).Run(threads, machine, new TurnSchedule(scenario.Blocks[0].Schedule), columns, out _);
        return columns.Text;
    }

    /// <summary>The table as far as the block has come, LF only.</summary>
    public string Text
    {
        get
        {
            int[] widths = [.. Enumerable.Range(0, tasks.Length).Select(task =>
                rows.Where(row => row.Task == task).Select(row => row.What.Length).DefaultIfEmpty(0).Max() + 3)];
            var text = new StringBuilder();
            Write(text, "step", task => Turn.Letter(task), "locks");
            foreach ((string step, int task, string what, string locks) in rows)
            {
                if (task < 0)
                    text.Append("        ").Append(what).Append('\n');
                else
                    Write(text, step, each => each == task ? what : "", locks);
            }

            return text.ToString();

            void Write(StringBuilder to, string step, Func<int, string> column, string locks)
            {
                var row = new StringBuilder($"{step,4}  ");
                for (int task = 0; task < tasks.Length; task++)
                    row.Append(column(task).PadRight(widths[task]));

                to.Append(row.Append(locks).ToString().TrimEnd()).Append('\n');
            }
        }
    }

    /// <inheritdoc/>
    public void Stepped(BlockTask task, string did)
    {
        Line(task, Did(task, did));
        inner?.Stepped(task, did);
    }

    /// <inheritdoc/>
    public void Ended(BlockTask task)
    {
        Line(task, "done");
        inner?.Ended(task);
    }

    /// <inheritdoc/>
    public void WalkBegins(BlockTask task, Page page) => inner?.WalkBegins(task, page);

    /// <inheritdoc/>
    public void WalkVisits(BlockTask task, Page page, VmArea vma, VirtualPage address) => inner?.WalkVisits(task, page, vma, address);

    /// <inheritdoc/>
    public void WalkEnds(BlockTask task, Page page, bool toEnd) => inner?.WalkEnds(task, page, toEnd);

    private static string Did(BlockTask task, string did) => did switch
    {
        "" => "...",
        "waits" when task.WaitsFor is { } waits => $"waits for {Told(waits.Lock)}",
        _ => did,
    };

    /// <summary>A lock by what it is of.</summary>
    internal static string Told(TaskLock one) => (one.Kind switch
    {
        LockKind.Isolation => "lru ",
        LockKind.SwapClaim => "claim ",
        LockKind.InodeRwsem => "inode ",
        LockKind.MmapLock => "mmap ",
        LockKind.InvalidateLock => "invalidate ",
        LockKind.Folio => "",
        LockKind.IMmapRwsem => "i_mmap ",
        _ => "",
    }) + one.Of;

    private void Line(BlockTask task, string did)
    {
        int number = Math.Min(Math.Max(task.Operation, 0), tasks[task.Number].Length - 1);
        if (number >= 0 && told[task.Number] <= number)
        {
            told[task.Number] = number + 1;
            rows.Add(("", task.Number, ScenarioText.Print(tasks[task.Number][number]), ""));
        }

        steps++;
        rows.Add((steps.ToString(CultureInfo.InvariantCulture), task.Number, $"  {did}", Locks()));
        if (names is null)
            return;

        string after = StateText.Of(machine, names);
        foreach (string line in StateDiff.Of(before, after).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            rows.Add(("", -1, line, ""));

        before = after;
    }

    private string Locks() => string.Join(", ", block.Locks.Where(one => one.Writer is not null || one.Readers.Count > 0).Select(one =>
        one.Writer is { } writer
            ? $"{Told(one)}: {writer.Letter}"
            : $"{Told(one)} r: {string.Concat(one.Readers.Select(task => task.Letter))}"));
}
