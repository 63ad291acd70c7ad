using System.CommandLine;
using Rmap.Regressions.Defects;
using Rmap.Regressions.Fuzzing;
using Rmap.Regressions.Host;
using Rmap.Regressions.Kernel;
using Rmap.Regressions.Recordings;

namespace Rmap.Regressions;

/// <summary>The recordings of real kernels as a program, and what is made beforehand for the tests because it takes long.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        var name = new Argument<string>("NAME") { Description = "a recording such as 6.18/thematic/fork-chain, or a file" };
        var paths = new Argument<string[]>("PATH") { Description = "folders, archives or files; the project's own if there is none" };
        var list = new Command("list", "Names the project's own recordings.");
        var print = new Command("print", "Prints a recording as a scenario that expects what the kernel answered.") { name };
        var compare = new Command("compare", "Replays recordings and says in which fields the model differs.") { paths };
        var folder = new Argument<string>("FOLDER") { Description = "a folder with recordings" };
        var archive = new Argument<string>("ARCHIVE") { Description = "the archive to write, such as 6.18.zip" };
        var pack = new Command("pack", "Packs the recordings below a folder, as the project keeps its own.") { folder, archive };
        list.SetAction(_ => Write(RecordingFile.Committed().Select(file => file.Name)));
        print.SetAction(result => Print(result.GetRequiredValue(name)));
        compare.SetAction(result => Compare(result.GetValue(paths) ?? []));
        pack.SetAction(result => Pack(result.GetRequiredValue(folder), result.GetRequiredValue(archive)));
        var root = new RootCommand("Recordings of real kernels, and how the model agrees; what is kept of known bugs.")
        {
            list, print, compare, pack, DefectCommands.Shortest(), DefectCommands.Cases(), DefectCommands.Profiles(),
        };
        Command[] others = [HostCommand.Make(), FuzzCommand.Make(), Mutation.MutationCommand.Make()];
        foreach (Command command in KernelCommands.All.Concat(others))
            root.Add(command);

        return root.Parse(args).Invoke();
    }

    private static int Print(string name)
    {
        if ((RecordingFile.Committed().FirstOrDefault(file => file.Name == name)
            ?? (File.Exists(name) ? RecordingFile.At(name)[0] : null)) is not { } found)
        {
            Console.Error.WriteLine($"There is no recording {name}: `list` names them.");
            return 1;
        }

        try
        {
            Console.Write(RecordingScenario.Print(found.Read()));
            return 0;
        }
        catch (RecordingFormatException malformed)
        {
            Console.Error.WriteLine(malformed.Message);
            return 1;
        }
    }

    private static int Pack(string folder, string archive)
    {
        if (!Directory.Exists(folder))
        {
            Console.Error.WriteLine($"There is no folder {folder}.");
            return 1;
        }

        return Write([$"{RecordingFile.Pack(folder, archive)} recordings in {archive}"]);
    }

    private static int Compare(string[] paths)
    {
        if (paths.FirstOrDefault(path => !Path.Exists(path)) is { } absent)
        {
            Console.Error.WriteLine($"There is no {absent}.");
            return 1;
        }

        IReadOnlyList<Comparison> comparisons =
            Agreement.Of(paths.Length == 0 ? RecordingFile.Committed() : [.. paths.SelectMany(RecordingFile.At)]);
        Write(Agreement.Report(comparisons));
        return comparisons.All(each => each.Agrees) ? 0 : 1;
    }

    private static int Write(IEnumerable<string> lines)
    {
        foreach (string line in lines)
            Console.WriteLine(line);

        return 0;
    }
}
