namespace Rmap.Model;

/// <summary>
/// Every decision that Linux takes in this area and that one would want to vary, or to get wrong on purpose, as one member each.
/// The answers here are those of Linux 6.18.35. An older kernel, a proposed patch or a historic bug is a small subclass.
/// Nothing else in the model knows that other rules exist.
/// </summary>
/// <param name="major">The version of Linux whose answers these are, 6 of 6.18.</param>
/// <param name="minor">Its second part, 18 of 6.18.</param>
/// <param name="fixes">Fixes of later versions that it has, too.</param>
public partial class Rules(int major = 6, int minor = 18, params Fix[] fixes)
{
    /// <summary>The name by which reports and the command line call these rules.</summary>
    public virtual string Name { get; } = $"linux-{major}.{minor}";

    /// <summary>Whether this step is left out, which Linux does.</summary>
    public virtual bool Skips(LinuxStep step) => false;

    /// <summary>Whether this step is done, as Linux does it.</summary>
    public bool Does(LinuxStep step) => !Skips(step);

    /// <summary>Whether these are the answers of this version or of a later one.</summary>
    protected bool Since(int firstMajor, int firstMinor) => major > firstMajor || (major == firstMajor && minor >= firstMinor);

    /// <summary>The same for a fix, which an older version may have, too.</summary>
    protected bool Since(int firstMajor, int firstMinor, Fix fix) => Since(firstMajor, firstMinor) || fixes.Contains(fix);
}
