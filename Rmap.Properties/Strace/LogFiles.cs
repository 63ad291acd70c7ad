using System.Globalization;
using System.Text.RegularExpressions;

namespace Rmap.Properties.Strace;

/// <summary>What a mapping of a log shows.</summary>
internal enum Backing
{
    /// <summary>Memory without a file.</summary>
    Anonymous,

    /// <summary>A file.</summary>
    File,

    /// <summary>What is no file: a device, a socket, a ring of io_uring.</summary>
    Device,
}

/// <summary>
/// The files that a log maps, and the names that they have in the scenario. Each exists from the start, as long as it is ever mapped.
/// </summary>
internal sealed partial class LogFiles
{
    /// <summary>ext4 has no longer ones.</summary>
    private const long LongestFile = (1L << 32) - 1;

    private readonly Dictionary<string, (string Name, long Pages)> files = [];
    private readonly HashSet<string> names = [];

    internal LogFiles(IEnumerable<StraceCall> calls, List<string> notes)
    {
        bool isUnknown = false;
        foreach (StraceCall call in calls.Where(call => call is { Name: "mmap", Succeeded: true } && BackingOf(call) == Backing.File))
        {
            isUnknown |= !Descriptor.IsMatch(call.Arguments[4]);
            string key = KeyOf(call);
            (string name, long pages) = files.TryGetValue(key, out (string, long) known) ? known : (NewName(key), 0);
            long end = Math.Min(LongestFile, Offset(call) + Argument.Range(call).Pages);
            files[key] = (name, Math.Max(pages, end));
        }

        if (isUnknown)
            notes.Add("the files behind descriptors are not in the log: each descriptor of a process counts as one file; trace with -y");
    }

    /// <summary>The operations that make the files.</summary>
    internal IEnumerable<Operation> Creations => files.Select(file => new Operation.FileCreate(
        file.Value.Name, file.Value.Pages, Fill: null, IsMemory(file.Key) ? FileSystem.Tmpfs : FileSystem.Ext4));

    /// <summary>The name of a file that is mapped.</summary>
    internal string NameOf(StraceCall mmap) => files[KeyOf(mmap)].Name;

    /// <summary>From which page of its file on a mapping shows it.</summary>
    internal static long Offset(StraceCall mmap) => (long)(Argument.Number(mmap, mmap.Arguments[5], "an offset") / Argument.PageSize);

    /// <summary>What a mapping shows.</summary>
    internal static Backing BackingOf(StraceCall mmap)
    {
        string path = PathOf(mmap);
        return Argument.Has(mmap.Arguments[3], "MAP_ANONYMOUS") || path == "/dev/zero" ? Backing.Anonymous
            : path.Length == 0 || IsMemory(path) ? Backing.File
            : path[0] != '/' || path.StartsWith("/dev/", StringComparison.Ordinal) ? Backing.Device
            : Backing.File;
    }

    /// <summary>The path behind a descriptor, without what strace says of it besides; empty if it says nothing.</summary>
    internal static string PathOf(StraceCall mmap)
    {
        Match found = Descriptor.Match(mmap.Arguments[4]);
        return found.Success ? About.Replace(found.Groups[1].Value, "") : "";
    }

    private static bool IsMemory(string path) =>
        path.StartsWith("/dev/shm/", StringComparison.Ordinal) || path.StartsWith("/memfd:", StringComparison.Ordinal);

    /// <summary>A path once it has been deleted is another file than one that has it now.</summary>
    private static string KeyOf(StraceCall mmap)
    {
        Match found = Descriptor.Match(mmap.Arguments[4]);
        return found.Success
            ? PathOf(mmap) + (found.Groups[2].Length > 0 ? " (deleted)" : "")
            : string.Create(CultureInfo.InvariantCulture, $"fd-{mmap.Arguments[4]}.{mmap.Pid}");
    }

    private string NewName(string key)
    {
        string name = NotOfNames.Replace(Path.GetFileName(key.Split(" (deleted)")[0]), "_");
        name = ScenarioReader.IsName(name) ? name : $"f-{name}";
        for (int next = 2; !names.Add(name); next++)
            name = string.Create(CultureInfo.InvariantCulture, $"{name}-{next}");

        return name;
    }

    [GeneratedRegex(@"^-?\d+<(.*?)>?((?: ?\(deleted\)>?)?)$")]
    private static partial Regex Descriptor { get; }

    /// <summary>Of a device its numbers.</summary>
    [GeneratedRegex(@"<[^<>]*>?$")]
    private static partial Regex About { get; }

    [GeneratedRegex(@"[^A-Za-z0-9_.-]")]
    private static partial Regex NotOfNames { get; }
}
