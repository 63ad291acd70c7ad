namespace Rmap.Properties.Generating;

/// <summary>
/// Draws the settings of a case's machine: mostly the usual ones, or those that let a limit be met soon; now and then, each for itself,
/// any that there is.
/// </summary>
internal static class OptionDraws
{
    internal static MachineOptions Draw(ref SplitMix random, Limits limits, Layout layout)
    {
        var options = new MachineOptions
        {
            SwapSync = random.Chance(25),
            FaultAround = random.Chance(15) ? 16 : 1,
            PgoffLimit = random.Chance(15) ? limits.Pages : MachineOptions.Default.PgoffLimit,
            KsmMaxPageSharing = random.Chance(25) ? 2 + random.Below(3) : MachineOptions.Default.KsmMaxPageSharing,
            KsmUseZeroPages = random.Chance(25),
            MmapBase = layout.End.Number,
        };
        return limits.IsPlain ? options : Beyond(ref random, options, layout);
    }

    /// <summary>Memory for little, where a mapping could ask for much: to fill it would take long, and show nothing else.</summary>
    private static MachineOptions Beyond(ref SplitMix random, MachineOptions options, Layout layout)
    {
        if (layout.IsSparse)
            options = options with { Frames = 32 + random.Below(160) };

        return random.Below(16) switch
        {
            0 => options with { FaultAround = 1 << random.Below(10) },
            1 => options with { PgoffLimit = random.Below(2) == 0 ? random.Below(8) : random.Long() },
            2 => options with { KsmMaxPageSharing = Math.Max(2, random.Int()) },
            3 => options with { MmapBase = random.Below(2) == 0 ? layout.Any(ref random).Number : random.Long() },
            4 => options with { MaxMapCount = random.Below(4) > 0 ? 1 + random.Below(12) : Math.Max(1, random.Int()) },
            5 => options with { Frames = random.Below(4) > 0 || layout.IsSparse ? 1 + random.Below(100) : Math.Max(1, random.Int()) },
            6 => options with { UserModeLinux = true },
            _ => options,
        };
    }
}
