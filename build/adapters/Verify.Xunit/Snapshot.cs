using DiffEngine;
using EmptyFiles;
using VerifyXunit;

namespace VerifyTests;

/// <summary>How a received text compares with the verified one.</summary>
internal enum Outcome
{
    New,
    NotEqual,
    Equal,
}

/// <summary>
/// One comparison: the names of the two files, and their texts. Stale files belong to the same test, but were not produced.
/// </summary>
internal sealed record Comparison(
    Outcome Outcome,
    string Directory,
    string ReceivedFile,
    string VerifiedFile,
    string Received,
    string Verified,
    IReadOnlyList<string> Stale);

/// <summary>Verifies one text: names its files, compares, reports.</summary>
internal static class Snapshot
{
    public static async Task<VerifyResult> Verify(
        string? target, string text, string extension, VerifySettings settings, string sourceFile)
    {
        var method = UseVerifyAttribute.GetMethod();
        var type = method.ReflectedType!;
        var project = new ProjectInfo(type.Assembly);
        var global = GlobalSettings.Use($"{SnapshotName.TypeName(type)}.{method.Name}");
        CheckExtension(extension);

        var path = global.Derive?.Invoke(sourceFile, project.Directory, type, method) ?? new PathInfo();
        var directory = DirectoryOf(settings.Directory ?? path.Directory, sourceFile);
        var (receivedPrefix, verifiedPrefix) = SnapshotName.Prefixes(
            settings,
            settings.TypeName ?? path.TypeName ?? SnapshotName.TypeName(type),
            settings.MethodName ?? path.MethodName ?? method.Name,
            [.. method.GetParameters().Select(parameter => parameter.Name!)],
            project.IsMultiTargeted);
        CheckUnique(global, settings, Path.Combine(directory, receivedPrefix));

        foreach (var file in Files(directory, receivedPrefix, "received")) File.Delete(file);
        var received = Scrub(text, settings);
        project.CheckNoMachinePath(received);

        var receivedFile = $"{receivedPrefix}.received.{extension}";
        var verifiedFile = $"{verifiedPrefix}.verified.{extension}";
        var verifiedPath = Path.Combine(directory, verifiedFile);
        var stale = Files(directory, verifiedPrefix, "verified").Where(file => file != verifiedPath).ToList();

        var (outcome, verified) = Compare(received, Path.Combine(directory, receivedFile), verifiedPath, global.Encoding);
        var comparison = new Comparison(outcome, directory, receivedFile, verifiedFile, received, verified, stale);
        await Report(comparison, settings, global);
        return new VerifyResult(verifiedPath, target);
    }

    private static void CheckExtension(string extension)
    {
        Names.CheckSuffix(extension);
        if (!FileExtensions.IsTextExtension(extension)) throw new ArgumentException($"'{extension}' is not the extension of a text file.");
    }

    private static string DirectoryOf(string? chosen, string sourceFile)
    {
        if (sourceFile.StartsWith("/_/", StringComparison.Ordinal))
        {
            throw new InvalidOperationException(
                $"The source file is '{sourceFile}', which is not a real path. Build snapshot tests with DeterministicSourcePaths=false.");
        }

        var directory = Path.Combine(Path.GetDirectoryName(sourceFile)!, chosen ?? "");
        Directory.CreateDirectory(directory);
        return directory;
    }

    private static void CheckUnique(GlobalSettings global, VerifySettings settings, string prefix)
    {
        if (settings.UniquePrefixDisabled || global.UniquePrefixDisabled || global.UsedPrefixes.TryAdd(prefix, true)) return;
        throw new InvalidOperationException(
            $"The prefix has already been used: {prefix}. Two calls of Verify, in one test or in two, would write the same file."
            + " Tell them apart with UseMethodName or UseParameters, or call DisableRequireUniquePrefix.");
    }

    /// <summary>The files of this prefix: <c>prefix.kind.*</c> and <c>prefix#part.kind.*</c>.</summary>
    private static IEnumerable<string> Files(string directory, string prefix, string kind) =>
        Directory.EnumerateFiles(directory, $"*.{kind}.*")
            .Where(file => Path.GetFileName(file) is var name
                && (name.StartsWith($"{prefix}.{kind}.", StringComparison.Ordinal)
                    || name.StartsWith($"{prefix}#", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

    private static string Scrub(string text, VerifySettings settings)
    {
        var builder = new StringBuilder(text);
        foreach (var scrubber in settings.Scrubbers) scrubber(builder);
        return builder.Replace("\r\n", "\n").Replace('\r', '\n').ToString();
    }

    /// <summary>
    /// Compares ordinally, and writes the received file unless the texts are equal. Stricter than some published versions: a carriage
    /// return in the verified file is an error, and so is one final newline more or less.
    /// </summary>
    private static (Outcome Outcome, string Verified) Compare(string received, string receivedPath, string verifiedPath, Encoding encoding)
    {
        // An empty file is what a diff tool was given to show a new snapshot.
        if (new FileInfo(verifiedPath) is { Exists: true, Length: 0 }) File.Delete(verifiedPath);
        if (!File.Exists(verifiedPath))
        {
            File.WriteAllText(receivedPath, received, encoding);
            return (Outcome.New, "");
        }

        var verified = File.ReadAllText(verifiedPath, encoding);
        if (verified == received) return (Outcome.Equal, verified);

        File.WriteAllText(receivedPath, received, encoding);
        return verified.Contains('\r')
            ? throw new InvalidOperationException(
                $"Verified file must use \\n line endings, but it contains a \\r (carriage return).\nPath: {verifiedPath}")
            : (Outcome.NotEqual, verified);
    }

    private static async Task Report(Comparison comparison, VerifySettings settings, GlobalSettings global)
    {
        var receivedPath = Path.Combine(comparison.Directory, comparison.ReceivedFile);
        var verifiedPath = Path.Combine(comparison.Directory, comparison.VerifiedFile);
        var isEqual = comparison.Outcome == Outcome.Equal;
        var diffEnabled = !DiffRunner.Disabled && settings.DiffEnabled && !BuildServerDetector.Detected;
        if (isEqual && diffEnabled) DiffRunner.Kill(receivedPath, verifiedPath);
        if (isEqual && comparison.Stale.Count == 0) return;

        var message = FailureMessage.Build(comparison, global.OmitContent);
        if (settings.AutoVerified || global.AutoVerify)
        {
            foreach (var file in comparison.Stale) File.Delete(file);
            if (!isEqual) File.Move(receivedPath, verifiedPath, overwrite: true);
            if (settings.ThrowException || global.ThrowException) throw new VerifyException(message);
            return;
        }

        foreach (var file in comparison.Stale) await DiffRunner.AddDeleteAsync(file);
        if (!isEqual && diffEnabled) await DiffRunner.LaunchForTextAsync(receivedPath, verifiedPath, global.Encoding);
        throw new VerifyException(message);
    }
}
