using System.Runtime.InteropServices;

namespace Rmap.Model;

/// <summary>
/// The state of a whole simulated machine: processes, pages, files, swap, KSM. Deterministic: what a scenario does depends on nothing
/// but the scenario, the options and the rules. Not safe for use by several threads at once. What happens to it is told by
/// <see cref="Execution"/>.
/// </summary>
public sealed class Machine
{
    private readonly List<Process> processes = [];

    /// <summary>A machine with one process, <c>P0</c>, that maps nothing.</summary>
    /// <param name="rules">The decisions; Linux 6.18's if null.</param>
    /// <param name="options">The settings; <see cref="MachineOptions.Default"/> if null.</param>
    public Machine(Rules? rules = null, MachineOptions? options = null)
    {
        Rules = rules ?? new Linux618();
        Options = options ?? MachineOptions.Default;
        Ksm = new KsmState(Options.KsmMaxPageSharing);
        var first = new ProcessId(0);
        Add(new Process(first, new Mm(first, Frames)));
    }

    /// <summary>The decisions it follows.</summary>
    public Rules Rules { get; }

    /// <summary>Its settings.</summary>
    public MachineOptions Options { get; }

    /// <summary>What makes allocations and reads fail.</summary>
    public FaultInjection Faults { get; } = new();

    /// <summary>The physical memory.</summary>
    public Frames Frames { get; } = new();

    /// <summary>The swap area.</summary>
    public SwapArea Swap { get; } = new();

    /// <summary>What ksmd knows.</summary>
    public KsmState Ksm { get; }

    /// <summary>The files and segments.</summary>
    public FileList Files { get; } = new();

    /// <summary>The processes that have not exited, by number.</summary>
    public IReadOnlyList<Process> Processes => processes;

    /// <summary>The pages that <c>get_user_pages</c> has handed out.</summary>
    public PinList Pins { get; } = new();

    /// <summary>The numbers of the AVs that have not been freed.</summary>
    internal FreeNumbers AnonVmas { get; } = new();

    /// <summary>The process of this number, or null.</summary>
    public Process? Find(ProcessId id) => IndexOf(id) is var index && index >= 0 ? processes[index] : null;

    /// <summary>Whether a new process can have this number.</summary>
    internal bool IsFree(ProcessId id) => id.Number >= 0 && IndexOf(id) < 0;

    internal void Add(Process process) => processes.Insert(~IndexOf(process.Id), process);

    internal void Remove(Process process) => processes.RemoveAt(IndexOf(process.Id));

    /// <summary>The place of a process, its number as long as none has gone; the complement of where it would be.</summary>
    private int IndexOf(ProcessId id) => (uint)id.Number < (uint)processes.Count && processes[id.Number].Id == id
        ? id.Number
        : CollectionsMarshal.AsSpan(processes).BinarySearch(new HasNumber(id.Number));

    private readonly struct HasNumber(int number) : IComparable<Process>
    {
        public int CompareTo(Process? process) => number.CompareTo(process!.Id.Number);
    }
}
