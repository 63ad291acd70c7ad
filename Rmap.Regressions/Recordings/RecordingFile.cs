using System.IO.Compression;

namespace Rmap.Regressions.Recordings;

/// <summary>A recording that can be read: a file, or an entry of an archive.</summary>
/// <param name="Name">Its path; for the committed ones archive and entry, as <c>6.18/thematic/fork-chain</c>.</param>
/// <param name="Bytes">Its content.</param>
internal sealed record RecordingFile(string Name, Func<byte[]> Bytes)
{
    private const string Extension = ".json", Archive = ".zip";

    /// <exception cref="RecordingFormatException">It is none.</exception>
    public Recording Read() => RecordingReader.Parse(Bytes(), Name);

    /// <summary>What <c>RMAP_RECORDINGS</c> names: a folder, or how the names of some of the project's own begin; or null.</summary>
    public static string? Choice => Environment.GetEnvironmentVariable("RMAP_RECORDINGS") is { Length: > 0 } choice ? choice : null;

    /// <summary>The recordings of <see cref="Choice"/>, without one all of the project's own.</summary>
    public static IReadOnlyList<RecordingFile> Chosen() =>
        Choice is null ? Committed() : Path.Exists(Choice) ? At(Choice) : CommittedBelow(Choice);

    private static IReadOnlyList<RecordingFile> CommittedBelow(string prefix) =>
        Committed().Where(each => each.Name.StartsWith(prefix, StringComparison.Ordinal)).ToList() is { Count: > 0 } files ? files
        : throw new InvalidOperationException(
            $"RMAP_RECORDINGS is '{prefix}', which is neither a folder nor the beginning of the name of a recording, as 6.18/thematic.");

    /// <summary>The project's own recordings.</summary>
    public static IReadOnlyList<RecordingFile> Committed() =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Recordings", "data"), "*" + Archive)
            .Order(StringComparer.Ordinal).SelectMany(Inside)];

    /// <summary>The recordings of a folder and all folders below it, of an archive, or the one that a path names.</summary>
    public static IReadOnlyList<RecordingFile> At(string path) =>
        path.EndsWith(Archive, StringComparison.Ordinal) ? Inside(path)
        : File.Exists(path) ? [OnDisk(path)]
        : [.. Directory.EnumerateFiles(path, "*" + Extension, SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(OnDisk)];

    /// <summary>Packs the recordings below a folder into an archive, always into the same bytes.</summary>
    public static int Pack(string folder, string path)
    {
        IReadOnlyList<RecordingFile> files = At(folder);
        using ZipArchive archive = new(File.Create(path), ZipArchiveMode.Create);
        foreach (RecordingFile file in files)
        {
            string name = Path.GetRelativePath(folder, file.Name).Replace('\\', '/');
            ZipArchiveEntry entry = archive.CreateEntry(name, CompressionLevel.SmallestSize);
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using Stream content = entry.Open();
            content.Write(file.Bytes());
        }

        return files.Count;
    }

    private static RecordingFile OnDisk(string path) => new(path, () => File.ReadAllBytes(path));

    private static IReadOnlyList<RecordingFile> Inside(string path)
    {
        string folder = Path.GetFileNameWithoutExtension(path);
        using ZipArchive archive = ZipFile.OpenRead(path);
        return [.. archive.Entries
            .Where(entry => entry.FullName.EndsWith(Extension, StringComparison.Ordinal))
            .OrderBy(entry => entry.FullName, StringComparer.Ordinal)
            .Select(entry => new RecordingFile($"{folder}/{entry.FullName[..^Extension.Length]}", () => Extract(path, entry.FullName)))];
    }

    private static byte[] Extract(string path, string entry)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        using Stream content = archive.GetEntry(entry)!.Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }
}
