namespace VerifyTests;

/// <summary>What may stand in a file name on every system, not only on the one the test runs on.</summary>
internal static class Names
{
    public static bool IsValid(char c) => c >= ' ' && !"\"\\<>|:*?/".Contains(c);

    /// <summary>The text with every character that may not stand in a file name replaced.</summary>
    public static string Clean(string text) => string.Concat(text.Select(c => IsValid(c) ? c : '-'));

    public static void CheckFile(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        foreach (var c in name)
        {
            if (!IsValid(c)) throw new ArgumentException($"'{name}' cannot be a file name: it contains '{c}'.");
        }
    }

    public static void CheckDirectory(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        foreach (var c in name)
        {
            if (IsValid(c) || c is '/' or '\\' or ':') continue;
            throw new ArgumentException($"'{name}' cannot be a directory: it contains '{c}'.");
        }
    }

    /// <summary>For an extension and for a text in place of parameters.</summary>
    public static void CheckSuffix(string suffix)
    {
        ArgumentException.ThrowIfNullOrEmpty(suffix);
        if (suffix[0] == '.' || suffix.Contains('/') || suffix.Contains('\\'))
        {
            throw new ArgumentException($"'{suffix}' must not begin with a period or contain a directory separator.");
        }
    }
}
