using Rmap.Model.Calls;
using Rmap.Model.Ksm;
using Rmap.Model.Rmap;

namespace Rmap.Model;

/// <summary>
/// A whole simulated machine: processes, pages, files, swap, KSM. Deterministic: what a scenario does depends on nothing but the
/// scenario, the options and the rules. Not safe for use by several threads at once.
/// </summary>
public sealed partial class Machine
{
    private readonly SortedList<int, Process> processes = [];

    /// <summary>A machine with one process, <c>P0</c>, that maps nothing.</summary>
    /// <param name="rules">The decisions; Linux 6.18's if null.</param>
    /// <param name="options">The settings; <see cref="MachineOptions.Default"/> if null.</param>
    public Machine(Rules? rules = null, MachineOptions? options = null)
    {
        Rules = rules ?? new Linux618();
        Options = options ?? MachineOptions.Default;
        Swap = new SwapArea(Frames, Rules, Faults);
        MlockBatch = new MlockBatch(Rules, Swap);
        Pins = new PinTable(Swap, Rules);
        AnonVmas = new AnonVmas(Rules, Faults);
        Ksm = new Ksmd(this);
        Files = new FileTable(this);
        var first = new ProcessId(0);
        processes.Add(first.Number, new Process(first, new Mm(this, first)));
        Processes = processes.Values.AsReadOnly();
    }

    /// <summary>The decisions it follows.</summary>
    public Rules Rules { get; }

    /// <summary>Its settings.</summary>
    public MachineOptions Options { get; }

    /// <summary>What makes allocations fail.</summary>
    public FaultInjection Faults { get; } = new();

    /// <summary>The physical memory.</summary>
    public Frames Frames { get; } = new();

    /// <summary>The swap area.</summary>
    public SwapArea Swap { get; }

    /// <summary>ksmd.</summary>
    public Ksmd Ksm { get; }

    /// <summary>The files and segments.</summary>
    public FileTable Files { get; }

    /// <summary>The processes that have not exited, by number.</summary>
    public IReadOnlyList<Process> Processes { get; }

    /// <summary>The pages that <c>get_user_pages</c> has handed out.</summary>
    public PinTable Pins { get; }

    internal AnonVmas AnonVmas { get; }

    internal MlockBatch MlockBatch { get; }

    /// <summary>The process of this number, or null.</summary>
    public Process? Find(ProcessId id) => processes.GetValueOrDefault(id.Number);
}
