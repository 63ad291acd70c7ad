using Rmap.Model.Sched;

namespace Rmap.Model;

/// <summary>
/// <c>current</c>: the task that executes an operation, with all that belongs to the operation while it is under way. Mechanisms get
/// everything through it, and leave nothing of an operation in the machine.
/// </summary>
/// <remarks>
/// In a block it is one of several tasks. What it says of locks and boundaries then, and what it asks again after them, costs a look at
/// whether there is a block at rest, where all of it is so.
/// </remarks>
internal sealed partial class TaskStruct(Machine machine, Process? process = null, BlockTask? task = null)
{
    /// <summary>The machine it runs on.</summary>
    internal Machine Machine { get; } = machine;

    /// <summary>The decisions it follows.</summary>
    internal Rules Rules => Machine.Rules;

    /// <summary>The machine's settings.</summary>
    internal MachineOptions Options => Machine.Options;

    /// <summary>The process that runs, or null: a kernel thread, or whoever is no process of the scenario.</summary>
    internal Process? Process { get; } = process;

    /// <summary>The address space of the process that runs.</summary>
    internal Mm Mm => Process!.Mm;

    /// <summary>The pages that wait for being mlocked or munlocked (<c>mlock_fbatch</c>), or null if none ever did.</summary>
    internal List<(Page Page, bool IsMlock)>? MlockBatch { get; set; }

    /// <summary><c>should_fail</c>: asked before each allocation; whether it fails, as the process has asked by <c>fail-nth</c>.</summary>
    internal bool ShouldFail() => Process is { FailNth: not 0 } && Machine.Faults.Count(Process);

    /// <summary><c>alloc_pages</c>: the same before an allocation of a page, which also fails when memory is out.</summary>
    internal bool ShouldFailPage() => ShouldFail() || IsOutOfMemory();

    /// <summary>Whether an allocation of a page fails because memory is out.</summary>
    internal bool IsOutOfMemory()
    {
        if (HasFrame)
            return false;

        Machine.Faults.RanOut();
        return true;
    }

    /// <summary>
    /// Whether a page frame is left. Left out: reclaim before memory is out, and that what is no process, as ksmd and swapoff, runs out
    /// of it; that takes no more than there is in page tables and swap.
    /// </summary>
    internal bool HasFrame => Process is null || Machine.Frames.InUse + Machine.Frames.PageTables < Options.Frames;
}
