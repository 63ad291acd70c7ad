using System.Runtime.CompilerServices;

namespace VerifyXunit;

/// <summary>Says where the snapshots of a test are, and what they are called.</summary>
public delegate PathInfo DerivePathInfo(string sourceFile, string projectDirectory, Type type, MethodInfo method);

/// <summary>Compares a text with the approved one beside the test, the snapshot.</summary>
public static class Verifier
{
    /// <summary>Verifies a text against <c>Type.Method.verified.txt</c>.</summary>
    public static SettingsTask Verify(string? target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "")
    {
        // Only this overload trims the byte order mark and names the empty string.
        var text = target?.TrimStart('\uFEFF');
        return Start(target, text == "" ? "emptyString" : text, "txt", settings, sourceFile);
    }

    /// <summary>Verifies a text against a file of the given extension, e.g. <c>Type.Method.verified.md</c>.</summary>
    public static SettingsTask Verify(
        string? target, string extension, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Start(target, target, extension, settings, sourceFile);

    /// <summary>Derives all snapshot paths. Call it in a module initializer.</summary>
    public static void DerivePathInfo(DerivePathInfo derivePathInfo) =>
        GlobalSettings.Change().Derive = derivePathInfo;

    /// <summary>Keeps all snapshots in a directory of the project. Call it in a module initializer.</summary>
    public static void UseProjectRelativeDirectory(string directory) =>
        DerivePathInfo((_, projectDirectory, type, method) =>
            new PathInfo(Path.Combine(projectDirectory, directory), SnapshotName.TypeName(type), method.Name));

    /// <summary>Keeps all snapshots in a directory relative to the test's source file. Call it in a module initializer.</summary>
    public static void UseSourceFileRelativeDirectory(string directory) =>
        DerivePathInfo((sourceFile, _, type, method) =>
            new PathInfo(Path.Combine(Path.GetDirectoryName(sourceFile)!, directory), SnapshotName.TypeName(type), method.Name));

    private static SettingsTask Start(string? target, string? text, string extension, VerifySettings? settings, string sourceFile)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sourceFile);
        return new SettingsTask(settings, effective => Snapshot.Verify(target, text ?? "null", extension, effective, sourceFile));
    }
}
