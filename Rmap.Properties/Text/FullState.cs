using System.Globalization;
using System.Text;
using Rmap.Model.State;

namespace Rmap.Properties.Text;

/// <summary>
/// Everything that is told of a state, one field a line, for tests that compare states. What has only a number of its own is called by when
/// it was met.
/// </summary>
internal sealed class FullState : StateVisitor
{
    private readonly StringBuilder text = new();
    private readonly Dictionary<object, string> names = new(ReferenceEqualityComparer.Instance);
    private readonly Queue<object> met = [];
    private readonly Role[] except;

    private FullState(Role[] except) => this.except = except;

    /// <summary>The state of a machine, without the fields that have one of these roles.</summary>
    internal static string Of(Machine machine, params Role[] except)
    {
        var state = new FullState(except);
        foreach (Process process in machine.Processes)
        {
            state.text.Append(CultureInfo.InvariantCulture, $"{process.Id}\n");
            state.Visit(process);
        }

        state.Visit(machine);
        return state.Finish();
    }

    /// <summary>The state of a process: all that it leads to.</summary>
    internal static string Of(Process process)
    {
        var state = new FullState([]);
        state.Visit(process);
        return state.Finish();
    }

    private string Finish()
    {
        while (met.TryDequeue(out object? thing))
        {
            text.Append(CultureInfo.InvariantCulture, $"{names[thing]}\n");
            Visit(thing);
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    protected override void Number(string field, long value, Role role)
    {
        if (!except.Contains(role))
            text.Append(CultureInfo.InvariantCulture, $"  {field} {value}\n");
    }

    /// <inheritdoc/>
    protected override void Thing(string field, object? thing, Role role)
    {
        if (thing is not null && !names.ContainsKey(thing))
        {
            names.Add(thing, $"{thing.GetType().Name} {names.Count}");
            met.Enqueue(thing);
        }

        if (!except.Contains(role))
            text.Append(CultureInfo.InvariantCulture, $"  {field} {(thing is null ? "-" : names[thing])}\n");
    }

    /// <inheritdoc/>
    protected override void End() => text.Append("  .\n");
}
