using System.Runtime.CompilerServices;

namespace Rmap.Model.Invariants;

/// <summary>Whether one of the things that were read is as it should be.</summary>
internal delegate bool Holds<T>(Truth truth, in T each);

/// <summary>What is told of one that is not.</summary>
internal delegate Finding Tells<T>(Truth truth, in T each);

/// <summary>
/// What checks are made of. Null means that what they ask holds, as far as it was asked; else they tell what is wrong first. The loops are
/// compiled for speed at once: most of a short run would else go by before the runtime sees that they are hot.
/// </summary>
internal static class Check
{
    /// <summary>Something holds of each of those.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static Finding? Each<T>(Truth truth, Listing<T> those, Holds<T> holds, Tells<T> tells)
    {
        foreach (ref readonly T each in those.Span)
        {
            if (!holds(truth, in each))
                return tells(truth, in each);
        }

        return null;
    }

    /// <summary>Something holds of each of several kinds.</summary>
    internal static Finding? Each<T>(Truth truth, ReadOnlySpan<Listing<T>> kinds, Holds<T> holds, Tells<T> tells)
    {
        Finding? finding = null;
        for (int i = 0; i < kinds.Length && finding is null; i++)
            finding = Each(truth, kinds[i], holds, tells);

        return finding;
    }

    /// <summary>Something holds of each of those and the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static Finding? Pairs<T>(Listing<T> those, Func<T, T, bool> holds, Func<T, T, Finding> tells)
    {
        ReadOnlySpan<T> all = those.Span;
        for (int i = 1; i < all.Length; i++)
        {
            if (!holds(all[i - 1], all[i]))
                return tells(all[i - 1], all[i]);
        }

        return null;
    }

    /// <summary>There are none of those.</summary>
    internal static Finding? None<T>(Listing<T> those, Func<T, Finding> tells) => those.Count == 0 ? null : tells(those.Span[0]);

    /// <summary>The first of a list of which something holds in view of another thing; null if none. Allocates nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static T? First<T, TOther>(List<T> list, TOther other, Func<T, TOther, bool> holds)
        where T : class
    {
        foreach (T each in list)
        {
            if (holds(each, other))
                return each;
        }

        return null;
    }

    /// <summary>What is counted in two ways comes to the same.</summary>
    internal static Finding? Same(Truth truth, int seen, int expected, Func<Truth, int, int, Finding> tells) =>
        seen == expected ? null : tells(truth, seen, expected);
}
