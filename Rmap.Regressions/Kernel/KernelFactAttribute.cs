namespace Rmap.Regressions.Kernel;

/// <summary>A test on the kernel that <c>RMAP_KERNEL</c> names; skipped without one.</summary>
public sealed class KernelFactAttribute : FactAttribute
{
    /// <summary>What to do to have one.</summary>
    internal const string HowToGetOne =
        "Needs a kernel: run Rmap.Regressions/Linux/build-kernel.sh SOURCE OUTPUT, then set RMAP_KERNEL=OUTPUT/linux.";

    public KernelFactAttribute() =>
        Skip = Kernel is null ? HowToGetOne : File.Exists(Kernel) ? null : $"There is no kernel {Kernel}. {HowToGetOne}";

    /// <summary>The kernel that RMAP_KERNEL names, or null.</summary>
    internal static string? Kernel => Environment.GetEnvironmentVariable("RMAP_KERNEL") is { Length: > 0 } path ? path : null;
}
