using System.Text;

namespace Rmap.Properties.C;

/// <summary>
/// A scenario as a C program of one file, for Linux with glibc on x86-64: each operation by the real system call in a process of its own,
/// with the outcome printed behind the operation. What it prints is a scenario again, whose expectations are what Linux did.
/// <c>CProgram.c</c> is what all such programs have in common, in sections that are left out where nothing needs them.
/// </summary>
/// <remarks>
/// Left out: <c>swap-sync</c>, <c>fault-around</c>, <c>ksm-max-sharing</c> and <c>max-map-count</c>, which are settings of the whole
/// system; what no system call does, see <see cref="IsPossible"/>.
/// </remarks>
public static class CText
{
    /// <summary>
    /// Whether the program does it: what <see cref="Means.SystemCall"/> can bring about. In the place of reclaim it tries MADV_PAGEOUT, and
    /// says so.
    /// </summary>
    public static bool IsPossible(Operation operation) => new Writer(Scenario.Of(operation)).Call(operation) is not null;

    /// <summary>The program.</summary>
    /// <param name="scenario">What it does.</param>
    /// <param name="heading">Lines that go before it, in its first comment; null to leave that out.</param>
    public static string Of(Scenario scenario, string? heading = null) => new Writer(scenario).Program(heading);

    private sealed class Writer
    {
        private readonly StringBuilder text = new();
        private readonly Scenario scenario;
        private readonly ProcessId[] processes;
        private readonly string[] names;
        private readonly HashSet<string> sections;

        internal Writer(Scenario scenario)
        {
            this.scenario = scenario;
            IEnumerable<Operation> operations = scenario.Steps.Select(step => step.Operation);
            processes =
                [.. operations.SelectMany(Mentioned.Processes).Append(new ProcessId(0)).Distinct().OrderBy(process => process.Number)];
            names = [.. operations.SelectMany(Mentioned.Names).Distinct()];
            sections = [.. operations.SelectMany(Sections), "always"];
            if (scenario.Expectations.Any(each => each is Expectation.Vmas))
                sections.Add("seen");
        }

        internal string Program(string? heading)
        {
            Head(heading);
            foreach (string section in Template.Split("//// ", StringSplitOptions.RemoveEmptyEntries))
            {
                int end = section.IndexOf('\n', StringComparison.Ordinal);
                string name = section[..end];
                switch (name)
                {
                    case "constants":
                        Constants();
                        break;
                    case "play":
                        Play();
                        break;
                    case "start":
                        Start();
                        break;
                    default:
                        text.Append(sections.Contains(name) ? section[(end + 1)..] : "");
                        break;
                }
            }

            return text.ToString();
        }

        private static string Template { get; } = ReadTemplate();

        private static string ReadTemplate()
        {
            using Stream stream = typeof(CText).Assembly.GetManifestResourceStream("CProgram.c")!;
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }

        /// <summary>The sections of the program that an operation needs: if nothing else is said, the one of its name.</summary>
        private string[] Sections(Operation operation) => operation switch
        {
            Operation.Read => ["touch", "load"],
            Operation.Write => ["touch", "store"],
            Operation.Mmap mmap => [
                "map", .. mmap.Placement == Placement.Hint ? new[] { "gap" } : [], .. mmap.File is null ? [] : File("opened"),
            ],
            Operation.Mremap mremap => MovesAnywhere(mremap) ? ["map", "gap", "move"] : ["map"],
            Operation.UffdMove => ["uffd"],
            Operation.Shmget => ["segment", "shmget", "taken"],
            Operation.Shmat => ["segment", "map"],
            Operation.Shmrm => ["segment"],
            Operation.FileCreate => File("create", "taken", "write"),
            Operation.FileWrite => File("opened", "write"),
            Operation.Truncate or Operation.Punch or Operation.Fsync => File("opened"),
            Operation.Reclaim => [],
            _ => [Call(operation) is null ? "impossible" : OperationTable.Of(operation).Verb],
        };

        private static string[] File(params string[] sections) => ["file", .. sections];

        private void Head(string? heading)
        {
            text.Append("/*\n");
            foreach (string line in heading?.Split('\n') ?? [])
                Line($" * {line.Replace("*/", "* /", StringComparison.Ordinal)}".TrimEnd());

            text.Append(heading is null ? "" : " *\n");
            text.Append(
                """
                 * A scenario of Rmap as a program: every operation by the real system call, in real processes.
                 *
                 *     cc -o scenario scenario.c && ./scenario
                 *
                 * prints each operation with its outcome. That is a scenario again; replayed, it says where the model differs.
                 * Needs Linux on x86-64 and glibc; no root.
                 */

                """.ReplaceLineEndings("\n"));
        }

        private void Constants()
        {
            Line($"enum {{ {string.Join(", ", processes)}, HUB }};");
            Line($"static const int number[HUB] = {{ {string.Join(", ", processes.Select(process => process.Number))} }};");
            Line($"#define NAMES {names.Length}");
            if (sections.Contains("gap"))
                Line($"#define MMAP_BASE {scenario.Options.MmapBase}L");

            if (sections.Contains("create"))
                Line("#define SPARSE -1");
        }

        private void Start()
        {
            for (int name = 0; name < names.Length && sections.Contains("file"); name++)
            {
                bool onDisk = scenario.Steps.Select(step => step.Operation).OfType<Operation.FileCreate>()
                    .FirstOrDefault(create => create.File == names[name]) is { FileSystem: FileSystem.Ext4 };
                Line($"\tprepare_file({name}, {(onDisk ? "true" : "false")}); /* {names[name]} */");
            }

            string settings = ScenarioText.Print(scenario with { Steps = [] });
            foreach (string line in settings.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                Line($"\tputs(\"{line}\");");
        }

        private void Play()
        {
            Line("\n/* The scenario. Everybody comes along here, and does the steps that are its own, each once. */");
            Line("static void play(int me, int born)\n{\n\tint step = 0;\n");
            Seen(0);
            foreach ((int index, Step step) in scenario.Steps.Index())
            {
                Play(step.Operation);
                Seen(index + 1);
            }

            Line("}");
        }

        /// <summary>Where VMAs are expected, the program prints those that there are.</summary>
        private void Seen(int after)
        {
            foreach (Expectation.Vmas vmas in scenario.Expectations.OfType<Expectation.Vmas>().Where(each => each.After == after))
                Line(processes.Contains(vmas.Process) ? $"\tSEEN({vmas.Process});" : $"\t/* {vmas}: there is no such process */");
        }

        private void Play(Operation operation)
        {
            string line = ScenarioText.Print(operation);
            if (Call(operation) is { } call)
            {
                string who = operation is Operation.ByProcess byProcess ? byProcess.Process.ToString() : "HUB";
                Line($"\tSTEP({who}, \"{line}\",\n\t     {call});");
            }
            else if (operation is Operation.Reclaim reclaim)
            {
                Line($"\tSTEP({reclaim.Process}, \"# {line}: not possible from user space; MADV_PAGEOUT instead\",");
                Line($"\t     {Call(new Operation.Madvise(reclaim.Process, PageRange.Of(reclaim.Page, 1), Advice.PageOut))});");
            }
            else
            {
                Line($"\tNOT_POSSIBLE(\"{line}\");");
            }
        }

        /// <summary>The expression that does it; null if no system call does.</summary>
        internal string? Call(Operation operation) => OperationTable.Of(operation).Means != Means.SystemCall ? null : operation switch
        {
            Operation.Mmap o => $"page_of(mmap({Place(o)}, {Bytes(o.Range.Pages)}, {Prot(o.Protection)}, {MapFlags(o)}, "
                + $"{(o.File is null ? "-1" : $"file({Index(o.File)})")}, {Bytes(o.FileOffset)}))",
            Operation.Mremap o when MovesAnywhere(o) =>
                $"move_anywhere({o.Range.Start}, {o.Range.Pages}, {o.NewLength}, {MremapFlagsOf(o)}, {o.Target?.Number ?? 0})",
            Operation.Mremap o => $"page_of(mremap({Range(o)}, {Bytes(o.NewLength)}, {MremapFlagsOf(o)}, at({o.Target?.Number ?? 0})))",
            Operation.PkeyMprotect o => $"result(syscall(SYS_pkey_mprotect, {Range(o)}, {Prot(o.Protection)}, {o.Key}))",
            Operation.Mseal o => $"result(syscall(SYS_mseal, {Range(o)}, 0))",
            Operation.Mlockall o => $"result(mlockall({MclFlags(o)}))",
            Operation.RlimitMemlock o => $"limit_locked({o.Pages})",
            Operation.SetMdwe o => $"result(prctl(PR_SET_MDWE, {(o.NoInherit ? "3" : "1")}, 0, 0, 0))",
            Operation.Mlock { OnFault: true } o => $"result(mlock2({Range(o)}, MLOCK_ONFAULT))",
            Operation.Msync o => $"result(msync({Range(o)}, MS_SYNC))",
            Operation.Read o => $"load({o.Page})",
            Operation.Write o => $"store({o.Page}, {o.Value})",
            Operation.Fork o => $"fork_process({o.Child}, step, CLONE_PARENT)",
            Operation.CloneVm o => $"share_memory({o.Child}, step)",
            Operation.Exec => "exec_process(me, step)",
            Operation.Exit => "exit_process(step)",
            Operation.FileCreate o => $"create_file({Index(o.File)}, {o.Pages}, {(o.Fill is { } fill ? fill.ToString() : "SPARSE")})",
            Operation.Truncate o => $"IF_THERE({Index(o.File)}, ftruncate(file({Index(o.File)}), {Bytes(o.Pages)}))",
            Operation.Punch o => $"IF_THERE({Index(o.File)}, fallocate(file({Index(o.File)}), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, "
                + $"{Bytes(o.Page)}, {Bytes(o.Length)}))",
            Operation.FileWrite o => $"IF_THERE({Index(o.File)}, write_page(file({Index(o.File)}), {o.Page}, {o.Value}))",
            Operation.Fsync o => $"IF_THERE({Index(o.File)}, fsync(file({Index(o.File)})))",
            Operation.Shmget o => $"create_segment({Index(o.Segment)}, {o.Pages})",
            Operation.Shmat o =>
                $"page_of(shmat(segment({Index(o.Segment)}), at({o.Page}), {(o.ReadOnly ? "SHM_RDONLY" : "0")}))",
            Operation.Shmrm o => $"result(shmctl(segment({Index(o.Segment)}), IPC_RMID, NULL))",
            Operation.UffdMove o => $"uffd_move({o.Source}, {o.Destination}, {o.Pages})",
            Operation.MemoryMerge o => $"result(prctl(PR_SET_MEMORY_MERGE, {(o.On ? "1" : "0")}, 0, 0, 0))",
            Operation.Mbind o => $"bind_memory({Range(o)}, MPOL_{o.Policy.ToString().ToUpperInvariant()})",
            _ => $"result({OperationTable.Of(operation).Verb}({Arguments.Of(operation)}))",
        };

        /// <summary>The operands of a system call that has them for arguments, as they are.</summary>
        private sealed class Arguments : Operands
        {
            private readonly List<string> all = [];

            internal static string Of(Operation operation)
            {
                var arguments = new Arguments();
                OperationTable.Through(operation, arguments);
                return string.Join(", ", arguments.all);
            }

            internal override VirtualPage Page(VirtualPage page, string json = "") => Add(page, $"at({page})");

            internal override PageRange Range(PageRange range, string start = "", string length = "") =>
                Add(range, $"at({range.Start}), {Bytes(range.Pages)}");

            internal override T Word<T>(T value, Words<T> words) => value switch
            {
                Protection protection => Add(value, Prot(protection)),
                Advice advice => Add(value, AdviceOf(advice)),
                _ => value,
            };

            private T Add<T>(T operand, string argument)
            {
                all.Add(argument);
                return operand;
            }
        }

        private static string Place(Operation.Mmap mmap) => mmap.Placement == Placement.Hint
            ? $"at(gap({mmap.Range.Start}, {mmap.Range.Pages}))"
            : $"at({mmap.Range.Start})";

        private static string Range(Operation.OnRange operation) => $"at({operation.Range.Start}), {Bytes(operation.Range.Pages)}";

        private static string Bytes(long pages) => pages == 0 ? "0" : $"{pages} * PAGE";

        private static string Prot(Protection protection) => protection == Protection.None ? "PROT_NONE" : string.Join(
            " | ",
            Enum.GetValues<Protection>().Where(bit => bit != Protection.None && protection.HasFlag(bit))
                .Select(bit => $"PROT_{bit.ToString().ToUpperInvariant()}"));

        private static string MapFlags(Operation.Mmap mmap) => (mmap.Shared ? "MAP_SHARED" : "MAP_PRIVATE")
            + (mmap.File is null ? " | MAP_ANONYMOUS" : "")
            + (mmap.Placement == Placement.Fixed ? " | MAP_FIXED" : " | MAP_FIXED_NOREPLACE")
            + (mmap.NoReserve ? " | MAP_NORESERVE" : "")
            + (mmap.Locked ? " | MAP_LOCKED" : "");

        private static string MclFlags(Operation.Mlockall mlockall) => string.Join(" | ", new[]
        {
            mlockall.Current ? "MCL_CURRENT" : "", mlockall.Future ? "MCL_FUTURE" : "", mlockall.OnFault ? "MCL_ONFAULT" : "",
        }.Where(flag => flag.Length > 0).DefaultIfEmpty("0"));

        /// <summary>Linux chooses the place.</summary>
        private static bool MovesAnywhere(Operation.Mremap mremap) =>
            (mremap.Flags & (MremapFlags.MayMove | MremapFlags.Fixed)) == MremapFlags.MayMove;

        private static string MremapFlagsOf(Operation.Mremap mremap) => mremap.Flags == MremapFlags.None ? "0" : string.Join(
            " | ",
            Enum.GetValues<MremapFlags>().Where(bit => bit != MremapFlags.None && mremap.Flags.HasFlag(bit))
                .Select(bit => $"MREMAP_{bit.ToString().ToUpperInvariant()}"));

        private static string AdviceOf(Advice advice) => advice switch
        {
            Advice.PopulateRead => "MADV_POPULATE_READ",
            Advice.PopulateWrite => "MADV_POPULATE_WRITE",
            Advice.DontNeedLocked => "MADV_DONTNEED_LOCKED",
            _ => $"MADV_{advice.ToString().ToUpperInvariant()}",
        };

        private int Index(string name) => Array.IndexOf(names, name);

        private void Line(string line) => text.Append(line).Append('\n');
    }
}
