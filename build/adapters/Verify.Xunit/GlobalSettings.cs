using System.Collections.Concurrent;

namespace VerifyTests;

/// <summary>The settings of the whole process. They may change until the first snapshot is verified.</summary>
internal sealed class GlobalSettings
{
    private string? firstUser;

    public static GlobalSettings Current { get; set; } = new();

    public Encoding Encoding { get; set; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);
    public bool OmitContent { get; set; }
    public bool AutoVerify { get; set; }
    public bool ThrowException { get; set; }
    public bool UniquePrefixDisabled { get; set; }
    public VerifyXunit.DerivePathInfo? Derive { get; set; }
    public OrderedDictionary<Type, Func<object, string>> ParameterNames { get; } = [];
    public ConcurrentDictionary<string, bool> UsedPrefixes { get; } = new(StringComparer.Ordinal);

    /// <summary>The settings, to change one of them.</summary>
    public static GlobalSettings Change() => Current.firstUser is null
        ? Current
        : throw new InvalidOperationException(
            "Settings for all tests must be made before any Verify has run, in a [ModuleInitializer]."
            + $" Verify was run by {Current.firstUser}.");

    /// <summary>The settings, to verify a snapshot with them.</summary>
    public static GlobalSettings Use(string test)
    {
        Current.firstUser ??= test;
        return Current;
    }
}
