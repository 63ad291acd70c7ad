using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DiffEngine;

namespace VerifyTests;

/// <summary>Settings of one test.</summary>
public class VerifySettings
{
    private object?[]? parameters;

    /// <summary>The default settings.</summary>
    public VerifySettings()
    {
    }

    /// <summary>A copy.</summary>
    public VerifySettings(VerifySettings? settings)
    {
        if (settings is null) return;
        parameters = settings.parameters;
        Directory = settings.Directory;
        TypeName = settings.TypeName;
        MethodName = settings.MethodName;
        FileName = settings.FileName;
        ParametersText = settings.ParametersText;
        IgnoredParameters = settings.IgnoredParameters;
        DiffEnabled = settings.DiffEnabled;
        AutoVerified = settings.AutoVerified;
        ThrowException = settings.ThrowException;
        UniquePrefixDisabled = settings.UniquePrefixDisabled;
        Architecture = settings.Architecture;
        Platform = settings.Platform;
        Runtime = settings.Runtime;
        Scrubbers = [.. settings.Scrubbers];
    }

    internal string? Directory { get; private set; }
    internal string? TypeName { get; private set; }
    internal string? MethodName { get; private set; }
    internal string? FileName { get; private set; }
    internal string? ParametersText { get; private set; }
    internal IReadOnlyList<string>? IgnoredParameters { get; private set; }
    internal bool DiffEnabled { get; private set; } = true;
    internal bool AutoVerified { get; private set; }
    internal bool ThrowException { get; private set; }
    internal bool UniquePrefixDisabled { get; private set; }
    internal string? Architecture { get; private set; }
    internal string? Platform { get; private set; }
    internal string? Runtime { get; private set; }
    internal List<Action<StringBuilder>> Scrubbers { get; } = [];

    /// <summary>Whether <c>UseParameters</c> was called.</summary>
    public bool HasParameters => parameters is not null;

    /// <summary>The values passed to <c>UseParameters</c>.</summary>
    public bool TryGetParameters([NotNullWhen(true)] out object?[]? parameters)
    {
        parameters = this.parameters;
        return parameters is not null;
    }

    /// <summary>Keeps the snapshot in a directory, relative to the source file of the test.</summary>
    public void UseDirectory(string directory)
    {
        Names.CheckDirectory(directory);
        Directory = directory;
    }

    /// <summary>Replaces type, method and parameters in the file name.</summary>
    public void UseFileName(string fileName)
    {
        Names.CheckFile(fileName);
        if (TypeName is not null || MethodName is not null) throw Incompatible(nameof(UseFileName), "UseMethodName or UseTypeName");
        FileName = fileName;
    }

    /// <summary>Replaces the type in the file name.</summary>
    public void UseTypeName(string name)
    {
        Names.CheckFile(name);
        ThrowIfFileName();
        TypeName = name;
    }

    /// <summary>Replaces the method in the file name. With it one test may verify several texts.</summary>
    public void UseMethodName(string name)
    {
        Names.CheckFile(name);
        ThrowIfFileName();
        MethodName = name;
    }

    /// <summary>
    /// Puts the values of the test's parameters, from the first on, in the file name. xunit v2 does not tell them itself.
    /// </summary>
    public void UseParameters(params object?[] parameters)
    {
        if (parameters is not { Length: > 0 }) throw new ArgumentException("UseParameters needs at least one value.", nameof(parameters));
        ThrowIfFileName();
        if (ParametersText is not null) throw Incompatible(nameof(UseParameters), nameof(UseTextForParameters));
        this.parameters = parameters;
    }

    /// <summary>Puts one value in the file name.</summary>
    public void UseParameters<T>(T parameter) => UseParameters([(object?)parameter]);

    /// <summary>Puts one value, a collection, in the file name.</summary>
    public void UseParameters<T>(T[] parameters) => UseParameters([(object?)parameters]);

    /// <summary>Puts a text in place of the parameters.</summary>
    public void UseTextForParameters(string parametersText)
    {
        Names.CheckSuffix(parametersText);
        if (HasParameters) throw Incompatible(nameof(UseTextForParameters), nameof(UseParameters));
        ParametersText = parametersText;
    }

    /// <summary>Leaves parameters, or all if none is named, out of the verified file's name. The received file keeps them.</summary>
    public void IgnoreParameters(params string[] parameterNames) => IgnoredParameters = parameterNames;

    /// <summary>Opens no diff tool.</summary>
    public void DisableDiff() => DiffEnabled = false;

    /// <summary>Approves what the test receives.</summary>
    public void AutoVerify(bool includeBuildServer = true, bool throwException = false)
    {
        if (!includeBuildServer && BuildServerDetector.Detected) return;
        (AutoVerified, ThrowException) = (true, throwException);
    }

    /// <summary>Allows another test to share the snapshot.</summary>
    public void DisableRequireUniquePrefix() => UniquePrefixDisabled = true;

    /// <summary>A snapshot for each processor architecture.</summary>
    public void UniqueForArchitecture() => Architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>A snapshot for each operating system.</summary>
    public void UniqueForOSPlatform() => Platform =
        OperatingSystem.IsLinux() ? "Linux"
        : OperatingSystem.IsWindows() ? "Windows"
        : OperatingSystem.IsMacOS() ? "OSX"
        : throw new PlatformNotSupportedException();

    /// <summary>A snapshot for each kind of runtime.</summary>
    public void UniqueForRuntime() => Runtime ??= "DotNet";

    /// <summary>A snapshot for each version of the runtime.</summary>
    public void UniqueForRuntimeAndVersion() => Runtime = SnapshotName.RuntimeAndVersion;

    /// <summary>Changes the text before it is compared. The scrubber added last runs first.</summary>
    public void AddScrubber(Action<StringBuilder> scrubber) => Scrubbers.Insert(0, scrubber);

    /// <summary>Removes lines that contain one of the texts, in any case.</summary>
    public void ScrubLinesContaining(params string[] stringToMatch) =>
        ScrubLinesContaining(StringComparison.OrdinalIgnoreCase, stringToMatch);

    /// <summary>Removes lines that contain one of the texts.</summary>
    public void ScrubLinesContaining(StringComparison comparison, params string[] stringToMatch) => AddScrubber(text =>
    {
        var lines = text.ToString().ReplaceLineEndings("\n").Split('\n');
        text.Clear().AppendJoin('\n', lines.Where(line => !stringToMatch.Any(match => line.Contains(match, comparison))));
    });

    private void ThrowIfFileName([CallerMemberName] string caller = "")
    {
        if (FileName is not null) throw Incompatible(caller, nameof(UseFileName));
    }

    private static InvalidOperationException Incompatible(string caller, string other) => new($"{caller} is not compatible with {other}.");
}
