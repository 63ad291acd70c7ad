using System.Globalization;

namespace Rmap.Properties.Strace;

/// <summary>
/// Who is who in a log of strace: whose a line without a number is, which process a call has made, and which ones no call has made.
/// </summary>
internal sealed class Family
{
    /// <summary>Whom strace calls by no number, as long as there is only one.</summary>
    private const long Unnamed = 0;

    private readonly HashSet<long> alive = [];
    private readonly HashSet<long> expected = [];
    private readonly Dictionary<long, List<Life>> lives = [];
    private readonly List<(int Begun, int Index, StraceCall Call)> made = [];
    private readonly Dictionary<int, (long Child, int First)> children = [];
    private readonly List<long> found = [];
    private long nameOfUnnamed = -1;
    private long nobody = -2;

    /// <summary>From its first line to its end. Numbers are used again.</summary>
    private sealed class Life(long pid, int first)
    {
        internal long Pid => pid;

        internal int First => first;

        internal int Lines { get; set; }

        internal int? Last { get; set; }

        internal bool HasParent { get; set; }
    }

    /// <summary>The processes that no call has made, in order of their first lines.</summary>
    internal IReadOnlyList<long> Found => found;

    /// <summary>strace says that it has a new process.</summary>
    internal void Attach(long? pid) => expected.Add(pid ?? Unnamed);

    /// <summary>A line of a process.</summary>
    /// <param name="number">Its number, if the line has one.</param>
    /// <param name="line">The line.</param>
    /// <param name="ends">Whether the process ends there.</param>
    /// <returns>The number under which it is known here.</returns>
    internal long Speaks(long? number, int line, bool ends)
    {
        long pid = Who(number);
        if (!lives.TryGetValue(pid, out List<Life>? all))
            lives.Add(pid, all = []);

        if (all.Count == 0 || all[^1].Last is not null)
            all.Add(new Life(pid, line));

        alive.Add(pid);
        all[^1].Lines++;
        if (ends)
        {
            all[^1].Last = line;
            alive.Remove(pid);
        }

        return pid;
    }

    /// <summary>Whether a process has only just had its first line: what it does there may have begun before.</summary>
    internal bool HasJustCome(long pid) => lives[pid] is [{ Lines: 1 }];

    /// <summary>A call has made a process.</summary>
    internal void Make(int begun, int index, StraceCall call)
    {
        made.Add((begun, index, call));
        if (call.Number is { } child)
            expected.Add(child);
    }

    /// <summary>Which process a call has made, and its first line; null if it has made none.</summary>
    internal (long Child, int First)? ChildOf(int index) => children.TryGetValue(index, out (long, int) child) ? child : null;

    /// <summary>
    /// Finds the process that each call has made: by its number, or, where a namespace has another one, by the order in which they come.
    /// </summary>
    internal void FindChildren(List<string> notes)
    {
        var without = new List<(int Begun, int Index, StraceCall Call)>();
        foreach ((int begun, int index, StraceCall call) in made)
        {
            Life? life = (call.NumberForStrace ?? call.Number) is { } pid && lives.TryGetValue(pid, out List<Life>? all)
                ? all.Find(life => life.First > begun && !life.HasParent)
                : null;
            if (life is null)
                without.Add((begun, index, call));
            else
                Adopt(index, life);
        }

        long first = lives.Values.SelectMany(all => all).MinBy(life => life.First)?.First ?? 0;
        foreach (Life life in lives.Values.SelectMany(all => all).Where(life => !life.HasParent).OrderBy(life => life.First))
        {
            int parent = life.First == first ? -1 : without.FindIndex(each => each.Begun < life.First);
            if (parent < 0)
            {
                found.Add(life.Pid);
                continue;
            }

            StraceCall call = without[parent].Call;
            notes.Add(string.Create(
                CultureInfo.InvariantCulture, $"process {life.Pid} is taken as the one that line {call.Line} has made, as {call.Result}"));
            Adopt(without[parent].Index, life);
            without.RemoveAt(parent);
        }

        foreach ((_, int index, _) in without)
            children[index] = (nobody--, 0);
    }

    private void Adopt(int index, Life life)
    {
        life.HasParent = true;
        children[index] = (life.Pid, life.First);
    }

    private long Who(long? number)
    {
        if (number is not { } pid)
            return alive.Count == 1 ? alive.First() : Unnamed;

        if (nameOfUnnamed < 0 && alive.Contains(Unnamed) && !expected.Contains(pid) && !lives.ContainsKey(pid))
            nameOfUnnamed = pid;

        return pid == nameOfUnnamed ? Unnamed : pid;
    }
}
