namespace Rmap.Model;

/// <summary>
/// The state of a whole simulated machine: processes, pages, files, swap, KSM. Deterministic: what a scenario does depends on nothing
/// but the scenario, the options and the rules. Not safe for use by several threads at once. What happens to it is told by
/// <see cref="Execution"/>.
/// </summary>
public sealed class Machine
{
    private readonly SortedList<int, Process> processes = [];

    /// <summary>A machine with one process, <c>P0</c>, that maps nothing.</summary>
    /// <param name="rules">The decisions; Linux 6.18's if null.</param>
    /// <param name="options">The settings; <see cref="MachineOptions.Default"/> if null.</param>
    public Machine(Rules? rules = null, MachineOptions? options = null)
    {
        Rules = rules ?? new Linux618();
        Options = options ?? MachineOptions.Default;
        Ksm = new KsmState(Options.KsmMaxPageSharing);
        Processes = processes.Values.AsReadOnly();
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
    public IReadOnlyList<Process> Processes { get; }

    /// <summary>The pages that <c>get_user_pages</c> has handed out.</summary>
    public PinList Pins { get; } = new();

    /// <summary>The numbers of the AVs that have not been freed.</summary>
    internal FreeNumbers AnonVmas { get; } = new();

    /// <summary>The process of this number, or null.</summary>
    public Process? Find(ProcessId id) => processes.GetValueOrDefault(id.Number);

    /// <summary>Whether a new process can have this number.</summary>
    internal bool IsFree(ProcessId id) => id.Number >= 0 && !processes.ContainsKey(id.Number);

    internal void Add(Process process) => processes.Add(process.Id.Number, process);

    internal void Remove(Process process) => processes.Remove(process.Id.Number);
}
