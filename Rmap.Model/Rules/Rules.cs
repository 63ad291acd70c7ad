namespace Rmap.Model;

/// <summary>
/// What Linux decides in this area, as far as one would want to vary it or to get it wrong on purpose: one member for each decision, in the
/// file named after the kernel's (<c>mm/rmap.c</c>: Rules.Rmap.cs), and one <see cref="LinuxStep"/> for each thing that it just does. Each
/// says first which function of the kernel asks or does it. The answers are those of Linux 6.18.35; an older kernel, a proposed patch or a
/// historic bug is a small subclass. Where Linux would hit a BUG, an override throws <see cref="KernelBug"/>. Mechanisms alone ask for
/// decisions; what watches the machine may ask what the rules promise (Rules.Promises.cs).
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
