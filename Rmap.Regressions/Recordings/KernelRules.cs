using System.Globalization;

namespace Rmap.Regressions.Recordings;

/// <summary>Which rules stand for a kernel: those of its version; else of the nearest older one; else of the oldest.</summary>
internal static class KernelRules
{
    /// <summary>The rules that stand for a version of the kernel.</summary>
    internal static Rules Nearest(Version version)
    {
        List<Rules> all =
            [.. RulesCatalogue.Linux.Names.Select(name => RulesCatalogue.Linux.Find(name)!).OrderBy(rules => VersionOf(rules.Name))];
        return all.LastOrDefault(rules => VersionOf(rules.Name) <= version) ?? all[0];
    }

    /// <summary>Those of what a kernel calls itself, as <c>Linux 7.3.4 x86_64</c>; the default where that tells no version.</summary>
    internal static Rules Of(string kernel) => Told(kernel) is { } version ? Nearest(version) : RulesCatalogue.Linux.Default;

    /// <summary>Whether there are rules for this version, not only for one near it.</summary>
    internal static bool HasOwn(Version version) => VersionOf(Nearest(version).Name) == new Version(version.Major, version.Minor);

    /// <summary>Which rules a kernel is compared with, for people, and why where that is not plain.</summary>
    internal static string Describe(string kernel, Rules rules) =>
        rules.Name != Of(kernel).Name ? $"{rules.Name}, as was asked for"
        : Told(kernel) is { } version && HasOwn(version) ? rules.Name
        : $"{rules.Name}: there are no rules of this version, and these are the nearest";

    private static Version? Told(string kernel)
    {
        string number = kernel.Split(' ').ElementAtOrDefault(1) ?? "";
        string[] parts = number.Split('.', '-', '+');
        return parts.Length > 1 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int minor)
            ? new Version(major, minor)
            : null;
    }

    private static Version VersionOf(string rules) => Version.Parse(rules.AsSpan(rules.IndexOf('-', StringComparison.Ordinal) + 1));
}
