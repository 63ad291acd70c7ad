using System.Numerics;
using Rmap.Model.Sched;
using Rmap.Properties.Generating;

namespace Rmap.Properties.Racing;

/// <summary>At each boundary another task may get its turn, with so much of a hundred.</summary>
public sealed class RandomWalk(ulong seed, int percent) : ISchedule
{
    private SplitMix random = new(seed);

    /// <inheritdoc/>
    public int Next(int last, uint canRun)
    {
        if (last >= 0 && (canRun >> last & 1) != 0 && !random.Chance(percent))
            return last;

        return Bits.At(canRun, random.Below(BitOperations.PopCount(canRun)));
    }
}

/// <summary>
/// PCT (Burckhardt and others, 2010): the tasks have priorities, drawn once; the first that can runs, and at a few steps, drawn before, who
/// runs falls behind all others. A fault that needs so many switches is found with a known probability.
/// </summary>
public sealed class PrioritySchedule : ISchedule
{
    private readonly int[] priorities;
    private readonly int[] changes;
    private int steps;

    /// <summary>Draws.</summary>
    /// <param name="seed">From here.</param>
    /// <param name="tasks">How many tasks there are.</param>
    /// <param name="depth">How many changes.</param>
    /// <param name="length">Among so many steps.</param>
    public PrioritySchedule(ulong seed, int tasks, int depth, int length)
    {
        var random = new SplitMix(seed);
        priorities = new int[tasks];
        for (int i = 0; i < tasks; i++)
        {
            int place = random.Below(i + 1);
            priorities[i] = priorities[place];
            priorities[place] = depth + i;
        }

        changes = new int[depth];
        for (int i = 0; i < depth; i++)
            changes[i] = random.Below(length);
    }

    /// <inheritdoc/>
    public int Next(int last, uint canRun)
    {
        int change = Array.IndexOf(changes, steps++);
        if (change >= 0 && last >= 0)
            priorities[last] = change - changes.Length;

        int best = -1;
        for (int task = 0; task < priorities.Length; task++)
        {
            if ((canRun >> task & 1) != 0 && (best < 0 || priorities[task] > priorities[best]))
                best = task;
        }

        return best;
    }
}

internal static class Bits
{
    /// <summary>The place of the n-th bit that is set, from 0.</summary>
    internal static int At(uint bits, int n)
    {
        for (; n > 0; n--)
            bits &= bits - 1;

        return BitOperations.TrailingZeroCount(bits);
    }
}
