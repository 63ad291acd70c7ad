using System.Text;
using Rmap.Properties.Running;

namespace Rmap.Properties.Reporting;

/// <summary>
/// A folder of scenario files that once failed. They are replayed before anything new is tried. Several campaigns may use it at once, and
/// whatever lies there may be anything: nothing in it is trusted, and nobody waits for it.
/// </summary>
/// <param name="folder">The folder; made when it is probed, or when the first repro is saved.</param>
public sealed class ReproStore(string folder)
{
    /// <summary>No repro is nearly as large; a file that is has come here by mistake.</summary>
    private const long MostBytes = 1L << 26;

    /// <summary>As much as a long scenario takes that has not been shrunk yet.</summary>
    private const int ProbedBytes = 1 << 16;

    /// <summary>The folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>Why the last repro that was to be saved was not; null if all were.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether repros can be saved: makes the folder if there is none, and writes a file there, which goes again.</summary>
    /// <returns>Why not, in one line; null if they can.</returns>
    public string? Probe()
    {
        try
        {
            Write("probe", new byte[ProbedBytes], System.IO.File.Delete);
            return null;
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            return Told(exception);
        }
    }

    /// <summary>The saved files, in order of their names; none if the folder cannot be read.</summary>
    public IReadOnlyList<string> Files()
    {
        try
        {
            return Directory.Exists(Folder) ? [.. Directory.GetFiles(Folder, "*.rmap").Order(StringComparer.Ordinal)] : [];
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            return [];
        }
    }

    /// <summary>Reads a saved file.</summary>
    /// <param name="file">One of <see cref="Files"/>.</param>
    /// <param name="problem">Why it cannot be read, in one line; null if it can.</param>
    /// <returns>The scenario with its lines, or null.</returns>
    public static ScenarioFile? Read(string file, out string? problem)
    {
        try
        {
            // A pipe or a device has no length, and opening it might take for ever.
            var content = new FileInfo(System.IO.File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file);
            problem = !content.Exists ? $"{file}: there is nothing behind it."
                : content.Length == 0 ? $"{file}: empty, or no file."
                : content.Length > MostBytes ? $"{file}: {content.Length} bytes are more than a scenario has."
                : null;
            if (problem is not null)
                return null;

            if (ScenarioText.TryParse(System.IO.File.ReadAllBytes(file), file, out ScenarioFile? repro, out ScenarioError? error))
                return repro;

            problem = error.ToString().ReplaceLineEndings(" ");
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            problem = $"{file}: {exception.Message}";
        }

        return null;
    }

    /// <summary>Saves a repro, replacing one of the same invariant and rules, and says where.</summary>
    public string? Save(Scenario scenario, Failure failure) =>
        Save(scenario, failure.Violation.Invariant.Id, $"{failure.Violation.Invariant.Id}: {failure.Violation.Invariant.Sentence}");

    /// <summary>Saves a repro, replacing one of the same kind and rules, and says where.</summary>
    /// <param name="scenario">The repro.</param>
    /// <param name="kind">What it shows, as part of a file's name.</param>
    /// <param name="heading">What it shows, as the file's first lines.</param>
    /// <returns>The file; null if it could not be saved: <see cref="Problem"/> says why.</returns>
    public string? Save(Scenario scenario, string kind, string heading)
    {
        return Save($"{scenario.Rules ?? "any"}-{kind}.rmap", new UTF8Encoding(false).GetBytes(ScenarioText.Print(scenario, heading)));
    }

    /// <summary>Saves a file, replacing one of the same name, and says where.</summary>
    /// <returns>The file; null if it could not be saved: <see cref="Problem"/> says why.</returns>
    public string? Save(string name, byte[] content)
    {
        string file = Path.Combine(Folder, name);
        try
        {
            Write(name, content, partial => System.IO.File.Move(partial, file, overwrite: true));
            return file;
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            Problem = Told(exception);
            return null;
        }
    }

    /// <summary>
    /// Writes a file under a name that nobody else has, through no link that lies there, and hands it on when all of it is there.
    /// </summary>
    private void Write(string name, byte[] content, Action<string> finish)
    {
        Directory.CreateDirectory(Folder);
        FileStream stream = Create(name, out string partial);
        try
        {
            using (stream)
                stream.Write(content);

            finish(partial);
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            Discard(partial);
            throw;
        }
    }

    private FileStream Create(string name, out string partial)
    {
        const int most = 1000;
        const int exists = 17, existsOnWindows = unchecked((int)0x80070050);
        for (int next = 1; ; next++)
        {
            partial = Path.Combine(Folder, $"{name}.{Environment.ProcessId}-{next}.partial");
            try
            {
                return new FileStream(partial, FileMode.CreateNew, FileAccess.Write);
            }
            catch (IOException taken) when (next < most && taken.HResult is exists or existsOnWindows)
            {
                // Somebody else has it, or a link lies there.
            }
        }
    }

    private static void Discard(string partial)
    {
        try
        {
            System.IO.File.Delete(partial);
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            // What made it fail is told; that its beginning stays there harms nobody.
        }
    }

    private string Told(Exception exception) => $"Nothing can be saved in '{Folder}': {exception.Message}";

    private static bool IsOfFiles(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
