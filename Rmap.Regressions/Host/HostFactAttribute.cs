using Rmap.Regressions.C;

namespace Rmap.Regressions.Host;

/// <summary>
/// A test on the kernel that is running. It has to be asked for by <c>RMAP_HOST=1</c>: which kernel that is, and who else works on the
/// machine, is not this project's choice, so a difference must not fail a build that nobody wanted to compare.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HostFactAttribute : FactAttribute
{
    public HostFactAttribute() => Skip = Environment.GetEnvironmentVariable("RMAP_HOST") == "1"
        ? Missing
        : "Compares the running kernel with the model: set RMAP_HOST=1 (as root, with a C compiler).";

    /// <summary>Why the running kernel cannot be compared, or null.</summary>
    internal static string? Missing => new NeedsCompilerFactAttribute().Skip ?? HostEyes.Missing;
}
