using Rmap.Model.Ksm;
using Rmap.Model.Sched;
using Rmap.Model.Space;

namespace Rmap.Model.Calls;

/// <summary>Processes come and go (<c>kernel/fork.c</c>, <c>fs/exec.c</c>, 6.18), and what is asked to fail for one.</summary>
internal static class Processes
{
    internal static Outcome Execute(TaskStruct current, Operation.Fork fork)
    {
        if (!current.Machine.IsFree(fork.Child))
            return Errno.EEXIST;

        if (current.ShouldFail())
            return Errno.ENOMEM;

        var mm = new Mm(fork.Child, current.Machine.Frames) { DefFlags = current.Rules.ForkedDefFlags(current.Mm) };
        InheritMdwe(current.Mm, mm);
        using HeldLock parent = current.MmapWrite();
        using HeldLock child = current.MmapWrite(mm);
        current.Shows(mm);
        bool isCopied = Fork.DuplicateMm(current, current.Mm, mm);
        current.Hides(mm);
        if (!isCopied)
        {
            if (current.Rules.Does(LinuxStep.FailedForkTakesDownCopy))
                Put(current, mm);

            return Errno.ENOMEM;
        }

        if (!current.Machine.IsFree(fork.Child))
        {
            Put(current, mm);
            return Errno.EEXIST;
        }

        current.Machine.Add(new Process(fork.Child, mm, current.Process));
        return Outcome.Of(fork.Child.Number);
    }

    internal static Outcome Execute(TaskStruct current, Operation.CloneVm clone)
    {
        if (!current.Machine.IsFree(clone.Child))
            return Errno.EEXIST;

        if (current.Rules.Does(LinuxStep.CloneVmCountsUser))
            current.Mm.Users++;

        current.Machine.Add(new Process(clone.Child, current.Mm, current.Process));
        return Outcome.Of(clone.Child.Number);
    }

    internal static Outcome Execute(TaskStruct current, Operation.Exec _)
    {
        Process process = current.Process!;
        Mm old = process.Mm;
        process.Mm = new Mm(process.Id, current.Machine.Frames);
        InheritMdwe(old, process.Mm);
        KsmMergeAny.Exec(current, old, process.Mm);
        Put(current, old);
        return Errno.None;
    }

    internal static Outcome Execute(TaskStruct current, Operation.Exit _)
    {
        current.Machine.Remove(current.Process!);
        Put(current, current.Mm);
        return Errno.None;
    }

    /// <summary><c>prctl_set_mdwe</c>: once set, it can only be set as it is.</summary>
    internal static Outcome Execute(TaskStruct current, Operation.SetMdwe set)
    {
        if (!current.Rules.HasMdwe)
            return Errno.EINVAL;

        Mdwe mdwe = set.NoInherit ? Mdwe.NoInherit : Mdwe.RefuseExecGain;
        if (current.Mm.Mdwe != Mdwe.None && current.Mm.Mdwe != mdwe)
            return Errno.EPERM;

        current.Mm.Mdwe = mdwe;
        return Errno.None;
    }

    /// <summary><c>mmf_init_legacy_flags</c>.</summary>
    private static void InheritMdwe(Mm from, Mm to) => to.Mdwe = from.Mdwe == Mdwe.NoInherit ? Mdwe.None : from.Mdwe;

    internal static Outcome Execute(TaskStruct current, Operation.FailNth failNth)
    {
        if (failNth.Nth < 0)
            return Errno.EINVAL;

        current.Process!.FailNth = failNth.Nth;
        return Errno.None;
    }

    /// <summary><c>mmput</c>: the last user takes everything down (<c>ksm_exit</c>, <c>exit_mmap</c>).</summary>
    internal static void Put(TaskStruct current, Mm mm)
    {
        if (--mm.Users > 0)
            return;

        current.Shows(mm);
        Ksmd.Exit(current, mm);
        Munmap.RemoveAll(current, mm);
        current.Hides(mm);
        mm.PageTable.FreeAll();
        current.Machine.Swap.Delist(mm);
        mm.HasExited = true;
    }
}
