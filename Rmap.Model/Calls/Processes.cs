using Rmap.Model.Ksm;
using Rmap.Model.Space;

namespace Rmap.Model;

public sealed partial class Machine
{
    private Outcome Fork(Process parent, ProcessId child)
    {
        if (!IsFree(child))
        {
            return Outcome.From(Errno.EEXIST);
        }

        if (Faults.ShouldFail())
        {
            return Outcome.From(Errno.ENOMEM);
        }

        var mm = new Mm(this, child);
        if (!Space.Fork.DuplicateMm(parent.Mm, mm))
        {
            if (Rules.FailedForkTakesDownCopy)
            {
                Put(mm);
            }

            return Outcome.From(Errno.ENOMEM);
        }

        processes.Add(child.Number, new Process(child, mm, parent));
        return Outcome.Of(child.Number);
    }

    private Outcome FailSwapRead()
    {
        Faults.FailsSwapRead = true;
        return Outcome.Ok;
    }

    private Outcome SetFailNth(int nth)
    {
        if (nth < 0)
        {
            return Outcome.From(Errno.EINVAL);
        }

        Faults.FailNth = nth;
        return Outcome.Ok;
    }

    private Outcome CloneVm(Process parent, ProcessId child)
    {
        if (!IsFree(child))
        {
            return Outcome.From(Errno.EEXIST);
        }

        if (Rules.CloneVmCountsUser)
        {
            parent.Mm.Users++;
        }

        processes.Add(child.Number, new Process(child, parent.Mm, parent));
        return Outcome.Of(child.Number);
    }

    private Outcome Exec(Process process)
    {
        Mm old = process.Mm;
        process.Mm = new Mm(this, process.Id);
        KsmMergeAny.Exec(old, process.Mm);
        Put(old);
        return Outcome.Ok;
    }

    private Outcome Exit(Process process)
    {
        processes.Remove(process.Id.Number);
        Put(process.Mm);
        return Outcome.Ok;
    }

    private bool IsFree(ProcessId id) => id.Number >= 0 && !processes.ContainsKey(id.Number);

    /// <summary><c>mmput</c>: the last user takes everything down (<c>ksm_exit</c>, <c>exit_mmap</c>).</summary>
    private void Put(Mm mm)
    {
        if (--mm.Users > 0)
        {
            return;
        }

        Ksm.Exit(mm);
        Munmap.RemoveAll(mm);
        Swap.Delist(mm);
        mm.HasExited = true;
    }
}
