using System.Collections;
using System.Globalization;

namespace VerifyTests;

/// <summary>
/// The name of a snapshot: <c>Type.Method_parameter=value.Uniqueness</c>, before <c>.received.txt</c> or <c>.verified.txt</c>.
/// </summary>
internal static class SnapshotName
{
    public static string RuntimeAndVersion { get; } = $"DotNet{Environment.Version.Major}_{Environment.Version.Minor}";

    /// <summary>The class, behind the one it is nested in.</summary>
    public static string TypeName(Type type) => type.IsNested ? $"{type.ReflectedType!.Name}.{type.Name}" : type.Name;

    /// <summary>The prefixes of the received and of the verified file.</summary>
    /// <remarks>
    /// The received files of a project that targets several frameworks are told apart by the runtime: its runs may overlap.
    /// </remarks>
    public static (string Received, string Verified) Prefixes(
        VerifySettings settings, string typeName, string methodName, IReadOnlyList<string> parameterNames, bool multiTargeted)
    {
        var shared = Suffix(settings.Architecture, settings.Platform);
        var received = shared + (multiTargeted ? Suffix(RuntimeAndVersion) : "");
        var verified = shared + Suffix(settings.Runtime);
        if (settings.FileName is { } fileName) return (fileName + received, fileName + verified);

        var (all, kept) = Parameters(settings, parameterNames);
        return ($"{typeName}.{methodName}{all}{received}", $"{typeName}.{methodName}{kept}{verified}");
    }

    /// <summary>A parameter's value as a part of a file name.</summary>
    public static string ParameterText(object? value) => Text(value, isRoot: true);

    private static string Suffix(params ReadOnlySpan<string?> parts)
    {
        var suffix = new StringBuilder();
        foreach (var part in parts)
        {
            if (part is not null) suffix.Append('.').Append(part);
        }

        return suffix.ToString();
    }

    /// <summary>The parameters in the received file's name, and those of them in the verified file's name.</summary>
    private static (string All, string Kept) Parameters(VerifySettings settings, IReadOnlyList<string> names)
    {
        if (settings.ParametersText is { } text) return ($"_{text}", $"_{text}");
        if (names.Count == 0 || !settings.TryGetParameters(out var values)) return ("", "");
        if (values.Length > names.Count)
        {
            throw new InvalidOperationException(
                $"The number of passed in parameters ({values.Length}) must not exceed"
                + $" the number of parameters for the method ({names.Count}).");
        }

        var ignored = settings.IgnoredParameters ?? [];
        if (ignored.Except(names).Any())
        {
            throw new InvalidOperationException(
                $"Some of the ignored parameter names ({string.Join(", ", ignored)}) do not exist"
                + $" in the test method parameters ({string.Join(", ", names)}).");
        }

        var all = names.Zip(values, (name, value) => (Name: name, Text: $"_{name}={ParameterText(value)}")).ToList();
        var ignoresAll = settings.IgnoredParameters is { Count: 0 };
        var kept = all.Where(parameter => !ignoresAll && !ignored.Contains(parameter.Name));
        return (string.Concat(all.Select(parameter => parameter.Text)), string.Concat(kept.Select(parameter => parameter.Text)));
    }

    private static string Text(object? value, bool isRoot)
    {
        switch (value)
        {
            case null:
                return "null";
            case string text:
                return Names.Clean(text);
        }

        if (RegisteredName(value) is { } name) return name(value);

        switch (value)
        {
            case DateTime or DateTimeOffset or DateOnly or TimeOnly or IDictionary:
                throw NotImitated(value);
            case ICollection { Count: 0 }:
                return "[]";
            case ICollection items:
                var list = string.Join(',', items.Cast<object?>().Select(item => Text(item, isRoot: false)));
                return isRoot ? list : $"[{list}]";
            case IEnumerable:
                throw NotImitated(value);
            case short or ushort or int or uint or long or ulong or decimal or Half or float or double:
                return ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture);
            default:
                return Names.Clean(value.ToString()
                    ?? throw new InvalidOperationException($"{value.GetType()} returned null from ToString()."));
        }
    }

    /// <summary>The name registered for the value's own type, or else for one that it derives from.</summary>
    private static Func<object, string>? RegisteredName(object value)
    {
        var names = GlobalSettings.Current.ParameterNames;
        return names.TryGetValue(value.GetType(), out var exact)
            ? exact
            : names.FirstOrDefault(name => name.Key.IsInstanceOfType(value)).Value;
    }

    private static NotSupportedException NotImitated(object value) => new(
        $"The in-tree adapter does not name a parameter of type {value.GetType()}."
        + " Pass a text, or call VerifierSettings.NameForParameter.");
}
