using System.Globalization;

namespace Rmap.Properties.Strace;

/// <summary>An argument is not what the call takes.</summary>
internal sealed class UnexpectedArgumentException(StraceCall call, string expected) : Exception(expected)
{
    internal StraceCall Call { get; } = call;
}

/// <summary>What stands in the arguments of a call: numbers, addresses, ranges, flags.</summary>
internal static class Argument
{
    internal const long PageSize = 4096;

    /// <summary>No process has addresses beyond, with five levels of page tables either.</summary>
    private const ulong EndOfMemory = 1UL << 56;

    internal static void Demand(StraceCall call, int arguments)
    {
        if (call.Arguments.Count < arguments)
            throw new UnexpectedArgumentException(call, $"{arguments} arguments");
    }

    /// <summary>A number in decimal or hexadecimal, or NULL.</summary>
    internal static ulong Number(StraceCall call, string text, string expected)
    {
        bool hexadecimal = text.StartsWith("0x", StringComparison.Ordinal);
        NumberStyles style = hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        if (text == "NULL")
            return 0;

        return ulong.TryParse(hexadecimal ? text.AsSpan(2) : text, style, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : throw new UnexpectedArgumentException(call, $"{expected} in the place of '{text}'");
    }

    /// <summary>What a call has returned, as an address in the memory of a process.</summary>
    internal static ulong Address(StraceCall call) => Number(call, call.Result, "an address") is var address and < EndOfMemory
        ? address
        : throw new UnexpectedArgumentException(call, $"an address below 2^56 in the place of '{call.Result}'");

    /// <summary>A length in bytes as Linux takes it: in whole pages, 0 where these run over.</summary>
    internal static long Pages(ulong address, ulong length) => (long)(unchecked((address % PageSize) + length + PageSize - 1) / PageSize);

    /// <summary>The pages that a call names, its end exclusive; that of a call which succeeded lies in the memory of a process.</summary>
    internal static (long Start, long Pages) Range(StraceCall call, string address, string length)
    {
        ulong start = Number(call, address, "an address");
        long pages = Pages(start, Number(call, length, "a length"));
        return !call.Succeeded || (start < EndOfMemory && pages <= (long)((EndOfMemory - start) / PageSize) + 1)
            ? ((long)(start / PageSize), pages)
            : throw new UnexpectedArgumentException(call, $"a range below 2^56 in the place of '{address}, {length}'");
    }

    /// <summary>The pages that a call names by its first two arguments, or by its result and its second one.</summary>
    internal static (long Start, long Pages) Range(StraceCall call) =>
        Range(call, call is { Name: "mmap", Succeeded: true } ? call.Result : call.Arguments[0], call.Arguments[1]);

    /// <summary>Whether the first argument is the address of a page.</summary>
    internal static bool IsAligned(StraceCall call) => Number(call, call.Arguments[0], "an address") % PageSize == 0;

    internal static bool Has(string flags, string flag) => flags.Contains(flag, StringComparison.Ordinal);

    internal static Protection Protection(StraceCall call)
    {
        string words = call.Arguments[2];
        if (words.Length > 0 && !words.Contains("PROT_", StringComparison.Ordinal))
        {
            throw new UnexpectedArgumentException(
                call, $"words such as PROT_READ in the place of '{words}': leave out options of strace such as -X raw");
        }

        return (Has(words, "PROT_READ") ? Model.Values.Protection.Read : Model.Values.Protection.None)
            | (Has(words, "PROT_WRITE") ? Model.Values.Protection.Write : Model.Values.Protection.None)
            | (Has(words, "PROT_EXEC") ? Model.Values.Protection.Exec : Model.Values.Protection.None);
    }

    internal static Advice? Advice(string name) => name switch
    {
        "MADV_DONTNEED" => Model.Values.Advice.DontNeed,
        "MADV_FREE" => Model.Values.Advice.Free,
        "MADV_REMOVE" => Model.Values.Advice.Remove,
        "MADV_COLD" => Model.Values.Advice.Cold,
        "MADV_PAGEOUT" => Model.Values.Advice.PageOut,
        "MADV_MERGEABLE" => Model.Values.Advice.Mergeable,
        "MADV_UNMERGEABLE" => Model.Values.Advice.Unmergeable,
        "MADV_DONTFORK" => Model.Values.Advice.DontFork,
        "MADV_DOFORK" => Model.Values.Advice.DoFork,
        "MADV_WIPEONFORK" => Model.Values.Advice.WipeOnFork,
        "MADV_KEEPONFORK" => Model.Values.Advice.KeepOnFork,
        "MADV_POPULATE_READ" => Model.Values.Advice.PopulateRead,
        "MADV_POPULATE_WRITE" => Model.Values.Advice.PopulateWrite,
        "MADV_DONTNEED_LOCKED" => Model.Values.Advice.DontNeedLocked,
        "MADV_DONTDUMP" => Model.Values.Advice.DontDump,
        "MADV_DODUMP" => Model.Values.Advice.DoDump,
        "MADV_HUGEPAGE" => Model.Values.Advice.HugePage,
        "MADV_NOHUGEPAGE" => Model.Values.Advice.NoHugePage,
        "MADV_NORMAL" => Model.Values.Advice.Normal,
        "MADV_RANDOM" => Model.Values.Advice.Random,
        "MADV_SEQUENTIAL" => Model.Values.Advice.Sequential,
        _ => null,
    };

    internal static MremapFlags Moving(string words) =>
        (Has(words, "MREMAP_MAYMOVE") ? MremapFlags.MayMove : MremapFlags.None)
        | (Has(words, "MREMAP_FIXED") ? MremapFlags.Fixed : MremapFlags.None)
        | (Has(words, "MREMAP_DONTUNMAP") ? MremapFlags.DontUnmap : MremapFlags.None);
}
