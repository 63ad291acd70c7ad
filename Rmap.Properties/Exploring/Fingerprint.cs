using System.Runtime.InteropServices;
using Rmap.Model.State;
using Rmap.Properties.Running;

namespace Rmap.Properties.Exploring;

/// <summary>
/// 128 bits of a state: of the machine, of what the checks remember, and of what the model of contents says. Everything is met in one
/// order, processes first, and is called by when it was met, so that the numbers of processes, AVs and nodes make no difference. Processes
/// have no order of their own: of all orders of those that look alike the least result counts. Frames and slots have one, as both are
/// listed by number: two pages that came the other way round make another state, though nothing else may differ, and that costs a state
/// too many. Free numbers between them are not told, but those of frames while there are stable nodes, which know a page by its frame; so
/// of two states that are one here the next page may be listed elsewhere. Values are taken as they are: 0 is what fresh memory holds, and
/// so not like the others.
/// </summary>
internal sealed class Fingerprint : StateVisitor
{
    /// <summary>What was met, in order: so few things that looking through them is faster than hashing.</summary>
    private readonly List<object> met = [];

    private readonly List<long> numbers = [];
    private int told;
    private CheckedMachine run = null!;
    private ulong low, high;

    /// <summary>Whether it is asked what a process looks like.</summary>
    private bool isLook;

    /// <summary>The fingerprint of a state.</summary>
    internal UInt128 Of(CheckedMachine state)
    {
        run = state;
        Process[] processes = [.. state.Machine.Processes];
        ulong[] looks = new ulong[processes.Length];
        for (int i = 0; i < processes.Length && processes.Length > 1; i++)
            looks[i] = Looks(processes[i]);

        Array.Sort(looks, processes);
        return Least(processes, looks, 0);
    }

    /// <summary>The least of all orders of those processes from a place on that look alike.</summary>
    private UInt128 Least(Process[] processes, ulong[] looks, int from)
    {
        if (from >= processes.Length - 1)
            return Of(processes);

        UInt128 least = UInt128.MaxValue;
        for (int i = from; i < processes.Length && looks[i] == looks[from]; i++)
        {
            (processes[from], processes[i]) = (processes[i], processes[from]);
            least = UInt128.Min(least, Least(processes, looks, from + 1));
            (processes[from], processes[i]) = (processes[i], processes[from]);
        }

        return least;
    }

    /// <summary>What a process looks like by itself, without asking with whom it shares what.</summary>
    private ulong Looks(Process process)
    {
        low = high = 0;
        isLook = true;
        Visit(process.Mm);
        isLook = false;
        return low;
    }

    private UInt128 Of(ReadOnlySpan<Process> processes)
    {
        low = high = 0;
        met.Clear();
        numbers.Clear();
        told = 0;
        foreach (Process process in processes)
        {
            Visit(process);
            Meet(run.Contents.Processes.GetValueOrDefault(process.Id.Number));
        }

        End();
        Visit(run.Machine);
        foreach (AddressSpace file in run.Machine.Files.All)
            Meet(run.Contents.Find(file.Name));

        foreach (Pin pin in run.Machine.Pins.All)
            Meet(run.Contents.HeldBy(pin.Id));

        while (told < met.Count)
            Tell(met[told++]);

        return new UInt128(high, low);
    }

    /// <inheritdoc/>
    protected override void Number(string field, long value, Role role)
    {
        if (role != Role.Report)
            Add(value);
    }

    /// <inheritdoc/>
    protected override void Thing(string field, object? thing, Role role)
    {
        if (!isLook)
        {
            Meet(thing);
            return;
        }

        Add(thing is null);
        if (thing is VmArea vma)
            Visit(vma);
    }

    /// <inheritdoc/>
    protected override void Entry(VirtualPage page, Pte pte)
    {
        Add(page.Number);
        Add(((int)pte.Kind << 8) + (int)pte.Bits);
        if (isLook)
            Add(pte.Target is Page { Value: var value } ? value : 0);
        else
            Meet(pte.Target);
    }

    /// <summary>Ends a list, so that what follows is not taken for a part of it.</summary>
    protected override void End() => Add(long.MinValue);

    private void Tell(object thing)
    {
        switch (thing)
        {
            case ContentSpace space:
                Tell(space);
                break;
            case HeldPage held:
                Tell(held);
                break;
            case ContentObject content:
                Tell(content);
                break;
            case StableNode node:
                Add(run.Checker.KsmHistory.HasBeenSwapped(node));
                Add(run.Contents.Faults.HasFreed(node));
                Visit(node);
                break;
            default:
                Visit(thing);
                break;
        }
    }

    private void Tell(HeldPage held)
    {
        Meet(held.Object);
        Add(held.Index);
        Add(held.Value);
        Add(held.Pins);
        Add(held.IsHeld);
        Add(held.MayPart);
        Meet(held.Seen);
    }

    private void Tell(ContentObject content)
    {
        Meet(content.Seen);
        Add(content.Pages);
        foreach ((long index, byte value) in content.Values)
        {
            Add(index);
            Add(value);
        }

        End();
        foreach ((long index, HeldPage held) in content.Held)
        {
            Add(index);
            Meet(held);
        }

        End();
    }

    private void Tell(ContentSpace space)
    {
        Add(space.IsMergeAny);
        foreach ((PageRange range, ContentArea area) in space.Stretches)
        {
            Add(range.Start.Number);
            Add(range.End.Number);
            Meet(area.Object);
            Add(area.Shift);
            Add((int)area.Flags);
            Add((int)area.Policy);
            AddRenamed(area.Attachment);
        }

        End();
        for (int i = 0; i < space.Copies.Count; i++)
        {
            ContentCopy copy = space.Copies.At(i);
            Add(space.Copies.PageAt(i));
            Add(copy.Value);
            Meet(copy.IsHeld ? copy.Held : null);
            Add((copy.MayBeDropped ? 1 : 0) + (copy.MayBeUnread ? 2 : 0) + (copy.MayBeShared ? 4 : 0));
        }

        End();
    }

    private void Add(long number)
    {
        low = (low ^ (ulong)number) * 0x9E3779B97F4A7C15;
        low ^= low >> 32;
        high = (high + (ulong)number) * 0xC2B2AE3D27D4EB4F;
        high ^= high >> 29;
    }

    private void Add(bool yes) => Add(yes ? 1 : 0);

    /// <summary>Adds when a thing was first met; what is met for the first time is told about later.</summary>
    private void Meet(object? thing)
    {
        if (thing is null)
        {
            Add(0);
            return;
        }

        ReadOnlySpan<object> all = CollectionsMarshal.AsSpan(met);
        int place = 0;
        while (place < all.Length && !ReferenceEquals(all[place], thing))
            place++;

        if (place == all.Length)
            met.Add(thing);

        Add(place + 1);
    }

    /// <summary>Adds when a number was first met that only says what belongs together.</summary>
    private void AddRenamed(long number)
    {
        int place = numbers.IndexOf(number);
        if (place < 0)
        {
            place = numbers.Count;
            numbers.Add(number);
        }

        Add(place);
    }
}
