using System.Runtime.InteropServices;
using Rmap.Regressions.Recordings;

namespace Rmap.Regressions.Kernel;

/// <summary>The kernel that runs this program, as far as it can be asked without changing anything.</summary>
internal static class HostKernel
{
    /// <summary>Its version, such as 6.18.44.</summary>
    internal static Version Version { get; } = Environment.OSVersion.Version;

    /// <summary>Its name in messages.</summary>
    internal static string Name { get; } = $"Linux {Version.ToString(3)}";

    /// <summary>Whether there are rules for its version, not only for one near it.</summary>
    internal static bool HasRulesOfItsOwn => KernelRules.HasOwn(Version);

    /// <summary>The rules of its version; else of the nearest older one; else of the oldest.</summary>
    internal static Rules Rules { get; } = KernelRules.Nearest(Version);

    /// <summary>Whether it has anywhere to swap to.</summary>
    internal static bool HasSwap { get; } = Lines("/proc/swaps").Skip(1).Any();

    /// <summary>Whether it can merge equal pages (CONFIG_KSM).</summary>
    internal static bool HasKsm { get; } = Directory.Exists("/sys/kernel/mm/ksm");

    /// <summary>Whether it has memory policies (CONFIG_NUMA), and lets this program set them: a container may forbid it.</summary>
    internal static bool HasMbind { get; } = SystemCall(Mbind, 0, 0, 0, 0, 0, 0) == 0;

    /// <summary>Whether it has transparent huge pages to advise on.</summary>
    internal static bool HasHugePages { get; } = Directory.Exists("/sys/kernel/mm/transparent_hugepage");

    /// <summary>Whether the processor has protection keys: one can be allocated, and given back.</summary>
    internal static bool HasKeys { get; } =
        SystemCall(PkeyAlloc, 0, 0, 0, 0, 0, 0) is > 0 and var key && SystemCall(PkeyFree, (nint)key, 0, 0, 0, 0, 0) == 0;

    private const long Mbind = 237, PkeyAlloc = 330, PkeyFree = 331;

    [DllImport("libc", EntryPoint = "syscall")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern long SystemCall(long number, nint start, nint length, nint mode, nint mask, nint maxNode, nint flags);

    private static string[] Lines(string file) => File.Exists(file) ? File.ReadAllLines(file) : [];
}
