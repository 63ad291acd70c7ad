using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Rmap.Properties.Strace;

/// <summary>
/// What a real program did to its memory, as a scenario. The calls expect what the kernel answered. docs/programs.md says how what a
/// log does not tell is filled in: execve's own mappings, and which pages were touched.
/// </summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="LeftOut">How many calls of each name are not in it: refused ones, and those that the model knows nothing of.</param>
public sealed partial record StraceScenario(Scenario Scenario, IReadOnlyDictionary<string, int> LeftOut)
{
    /// <summary>Reads a log of <c>strace -f -y -e trace=%memory,%process</c>.</summary>
    /// <param name="text">The log.</param>
    /// <param name="name">The file's name, for the error.</param>
    /// <param name="scenario">The scenario, or null.</param>
    /// <param name="error">The first thing that is wrong, or null.</param>
    public static bool TryRead(
        string text, string name, [NotNullWhen(true)] out StraceScenario? scenario, [NotNullWhen(false)] out ScenarioError? error)
    {
        scenario = null;
        if (!StraceLog.TryRead(text, name, out IReadOnlyList<StraceCall>? calls, out error))
            return false;

        try
        {
            scenario = new Translation(calls).Result();
            return true;
        }
        catch (UnexpectedArgumentException unexpected)
        {
            StraceCall call = unexpected.Call;
            error = new ScenarioError(name, call.Line, 1, $"'{call.Name}({string.Join(", ", call.Arguments)})'", unexpected.Message);
            return false;
        }
    }

    private const long PageSize = 4096;

    /// <summary>What a stack has at the start: 132 KiB.</summary>
    private const long StackPages = 33;

    [GeneratedRegex(@"^-?\d+<(.*)>$")]
    private static partial Regex Descriptor { get; }

    [GeneratedRegex(@"[^A-Za-z0-9_.-]")]
    private static partial Regex NotOfNames { get; }

    /// <summary>An argument is not what the call takes.</summary>
    private sealed class UnexpectedArgumentException(StraceCall call, string expected) : Exception(expected)
    {
        internal StraceCall Call { get; } = call;
    }

    /// <summary>An address space, as far as the model does not know it: where the heap ends, in bytes.</summary>
    private sealed class Space
    {
        internal long? Break { get; set; }
    }

    private sealed record Task(ProcessId Id, Space Space);

    private sealed class Translation
    {
        private readonly IReadOnlyList<StraceCall> calls;
        private readonly PageMap pages;
        private readonly Machine machine = new();
        private readonly ImmutableArray<Step>.Builder steps = ImmutableArray.CreateBuilder<Step>();
        private readonly SortedDictionary<string, int> leftOut = new(StringComparer.Ordinal);
        private readonly Dictionary<long, Task> tasks = [];
        private readonly Dictionary<string, string> files = [];
        private int processes;

        internal Translation(IReadOnlyList<StraceCall> calls)
        {
            this.calls = calls;
            foreach (StraceCall call in calls)
                Demand(call, ArgumentsOf(call.Name));

            pages = new PageMap([.. calls.Where(call => call.Succeeded).SelectMany(RangesOf), .. Heaps(calls)]);
        }

        private static int ArgumentsOf(string name) => name switch
        {
            "mmap" => 6,
            "mremap" => 4,
            "mprotect" or "madvise" or "mlock2" => 3,
            "munmap" or "mlock" or "munlock" => 2,
            _ => 0,
        };

        private static void Demand(StraceCall call, int arguments)
        {
            if (call.Arguments.Count < arguments)
                throw new UnexpectedArgumentException(call, $"{arguments} arguments");
        }

        internal StraceScenario Result()
        {
            CreateFiles();
            foreach (StraceCall call in calls)
            {
                if (!tasks.TryGetValue(call.Pid, out Task? task))
                {
                    if (processes > 0)
                    {
                        throw new UnexpectedArgumentException(
                            call, "a process that an earlier line has made: trace from the start, with -f");
                    }

                    tasks.Add(call.Pid, task = NewTask(new Space()));
                }

                if (call.Name == StraceLog.Ended)
                    End(task, call);
                else if ((!call.Succeeded || !Do(task, call)) && !HasNothingToDoWithMemory(call))
                    leftOut[call.Name] = leftOut.GetValueOrDefault(call.Name) + 1;
            }

            return new StraceScenario(new Scenario(steps.ToImmutable(), new MachineOptions { FaultAround = 16 }), leftOut);
        }

        /// <summary>What strace counts as %process, too; how a process ends is told by a line of its own.</summary>
        private static bool HasNothingToDoWithMemory(StraceCall call) => call.Name is
            "exit" or "exit_group" or "wait4" or "waitid" or "waitpid" or "kill" or "tkill" or "tgkill"
                or "pidfd_send_signal" or "rt_sigqueueinfo" or "rt_tgsigqueueinfo";

        private Task NewTask(Space space) => new(new ProcessId(processes++), space);

        /// <summary>Null if the process is not there any more: memory was out.</summary>
        private Mm? Mm(Task task) => machine.Find(task.Id)?.Mm;

        /// <summary>Carries it out and writes it down.</summary>
        private void Add(Operation operation, Outcome? expected = null)
        {
            machine.Execute(operation);
            steps.Add(new Step(operation, expected));
        }

        /// <summary>Whether the model knows the call.</summary>
        private bool Do(Task task, StraceCall call) => call.Name switch
        {
            "execve" or "execveat" => Exec(task),
            "fork" or "vfork" or "clone" or "clone3" => Clone(task, call),
            "brk" => Brk(task, call),
            "mmap" => Mmap(task, call),
            "munmap" => OnRange(task, call, range => new Operation.Munmap(task.Id, range)),
            "mprotect" => Mprotect(task, call),
            "mremap" => Mremap(task, call),
            "madvise" => AdviceOf(call.Arguments[2]) is { } advice
                && OnRange(task, call, range => new Operation.Madvise(task.Id, range, advice)),
            "mlock" => OnRange(task, call, range => new Operation.Mlock(task.Id, range)),
            "mlock2" => OnRange(task, call, range => new Operation.Mlock(task.Id, range, call.Arguments[2] != "0")),
            "munlock" => OnRange(task, call, range => new Operation.Munlock(task.Id, range)),
            _ => false,
        };

        private bool Exec(Task task)
        {
            Add(new Operation.Exec(task.Id), Outcome.Ok);
            tasks[tasks.Single(pair => pair.Value == task).Key] = task with { Space = new Space() };
            PageRange stack = PageRange.Of(new VirtualPage(pages.End), StackPages);
            Add(new Operation.Mmap(task.Id, stack, Protection.Read | Protection.Write, Shared: false));
            Touch(task, stack.End - 1);
            return true;
        }

        private bool Clone(Task task, StraceCall call)
        {
            bool shares = call.Name == "vfork" || call.Arguments.Any(argument => argument.Contains("CLONE_VM", StringComparison.Ordinal));
            long pid = Number(call, call.Result, "the number of the new process");
            if (shares)
            {
                Task thread = tasks[pid] = NewTask(task.Space);
                Add(new Operation.CloneVm(task.Id, thread.Id), Outcome.Of(thread.Id.Number));
                return true;
            }

            Task child = tasks[pid] = NewTask(new Space { Break = task.Space.Break });
            Add(new Operation.Fork(task.Id, child.Id), Outcome.Of(child.Id.Number));
            TouchWritable(child, vma => vma.Start);
            TouchWritable(task, vma => vma.End - 1);
            return true;
        }

        private void End(Task task, StraceCall call)
        {
            const string superseded = "+++ superseded by execve in pid ";
            tasks.Remove(call.Pid);
            Add(new Operation.Exit(task.Id), Outcome.Ok);
            if (call.Result.StartsWith(superseded, StringComparison.Ordinal)
                && tasks.Remove(Number(call, call.Result[superseded.Length..].Split(' ')[0], "the number of a process"), out Task? other))
            {
                tasks[call.Pid] = other;
            }
        }

        private bool Brk(Task task, StraceCall call)
        {
            long end = PageAligned(Number(call, call.Result, "an address"));
            long? old = task.Space.Break;
            task.Space.Break = end;
            if (old is null || end == old)
                return true;

            PageRange changed = PageRange.Of(pages[Math.Min(old.Value, end) / PageSize], Math.Abs(end - old.Value) / PageSize);
            if (end < old)
            {
                Add(new Operation.Munmap(task.Id, changed), Outcome.Ok);
                return true;
            }

            Add(new Operation.Mmap(task.Id, changed, Protection.Read | Protection.Write, Shared: false), Outcome.Of(changed.Start));
            TouchEnds(task, changed);
            return true;
        }

        private bool Mmap(Task task, StraceCall call)
        {
            string flags = call.Arguments[3];
            string? file = IsAnonymous(call) ? null : PathOf(call);
            if (flags.Contains("MAP_HUGETLB", StringComparison.Ordinal) || (file is not null && !files.ContainsKey(file)))
                return false;

            PageRange range = RangeOf(call);
            Add(
                new Operation.Mmap(
                    task.Id, range, ProtectionOf(call), flags.Contains("MAP_SHARED", StringComparison.Ordinal),
                    file is null ? null : files[file], file is null ? 0 : Number(call, call.Arguments[5], "an offset") / PageSize,
                    NoReserve: flags.Contains("MAP_NORESERVE", StringComparison.Ordinal)),
                Outcome.Of(range.Start));
            TouchEnds(task, range);
            return true;
        }

        private bool Mprotect(Task task, StraceCall call)
        {
            Protection protection = ProtectionOf(call);
            if (!OnRange(task, call, range => new Operation.Mprotect(task.Id, range, protection)))
                return false;

            if (protection.HasFlag(Protection.Write))
                TouchEnds(task, RangeOf(call));

            return true;
        }

        private bool Mremap(Task task, StraceCall call)
        {
            PageRange old = RangeOf(call);
            PageRange now = RangeOf(call, call.Result, call.Arguments[2]);
            if (!IsMapped(task, old))
                return false;

            bool stays = old.Start == now.Start;
            MremapFlags flags = (stays ? MremapFlags.None : MremapFlags.MayMove | MremapFlags.Fixed)
                | (call.Arguments[3].Contains("MREMAP_DONTUNMAP", StringComparison.Ordinal) ? MremapFlags.DontUnmap : MremapFlags.None);
            Add(new Operation.Mremap(task.Id, old, now.Pages, stays ? null : now.Start, flags), Outcome.Of(now.Start));
            TouchEnds(task, now);
            return true;
        }

        /// <summary>A call on memory that calls have mapped; what execve mapped is not there.</summary>
        private bool OnRange(Task task, StraceCall call, Func<PageRange, Operation> operation)
        {
            PageRange range = RangeOf(call);
            bool mapped = IsMapped(task, range);
            if (mapped)
                Add(operation(range), Outcome.Ok);

            return mapped;
        }

        private bool IsMapped(Task task, PageRange range)
        {
            VirtualPage at = range.Start;
            while (at < range.End && Mm(task)?.Lookup(at) is { } vma)
                at = vma.End;

            return at >= range.End;
        }

        private void TouchEnds(Task task, PageRange range)
        {
            Touch(task, range.Start);
            if (range.Pages > 1)
                Touch(task, range.End - 1);
        }

        /// <summary>Writes a page if it may be written, or else reads it if it may be read.</summary>
        private void Touch(Task task, VirtualPage page)
        {
            VmArea? vma = Mm(task)?.Lookup(page);
            if (vma is not null && vma.Has(VmFlags.Write))
                Add(new Operation.Write(task.Id, page, (byte)steps.Count));
            else if (vma is not null && vma.Has(VmFlags.Read))
                Add(new Operation.Read(task.Id, page));
        }

        private void TouchWritable(Task task, Func<VmArea, VirtualPage> where)
        {
            foreach (VmArea vma in (Mm(task)?.Vmas ?? []).Where(vma => vma.Has(VmFlags.Write) && !vma.Has(VmFlags.Shared)).ToList())
                Touch(task, where(vma));
        }

        /// <summary>Each file as long as it is ever mapped.</summary>
        private void CreateFiles()
        {
            foreach (var file in calls
                .Where(call => call is { Name: "mmap", Succeeded: true } && !IsAnonymous(call))
                .GroupBy(PathOf).Where(file => !file.Key.StartsWith("/dev/", StringComparison.Ordinal) || IsMemory(file.Key)))
            {
                long end = file.Max(call => Number(call, call.Arguments[5], "an offset") + Number(call, call.Arguments[1], "a length"));
                string name = NotOfNames.Replace(Path.GetFileName(file.Key), "_");
                name = ScenarioReader.IsName(name) ? name : $"f-{name}";
                for (int next = 2; files.ContainsValue(name); next++)
                    name = string.Create(CultureInfo.InvariantCulture, $"{name}-{next}");

                files.Add(file.Key, name);
                Add(
                    new Operation.FileCreate(
                        name, PageAligned(end) / PageSize, Fill: null, IsMemory(file.Key) ? FileSystem.Tmpfs : FileSystem.Ext4),
                    Outcome.Ok);
            }
        }

        private static bool IsAnonymous(StraceCall mmap) => mmap.Arguments[3].Contains("MAP_ANONYMOUS", StringComparison.Ordinal);

        private static bool IsMemory(string path) =>
            path.StartsWith("/dev/shm/", StringComparison.Ordinal) || path.StartsWith("/memfd:", StringComparison.Ordinal);

        private static string PathOf(StraceCall call) => Descriptor.Match(call.Arguments[4]) is { Success: true } found
            ? found.Groups[1].Value
            : throw new UnexpectedArgumentException(call, "the path of the descriptor behind its number: trace with -y");

        /// <summary>The ranges that a call names, in pages.</summary>
        private static IEnumerable<(long Start, long End)> RangesOf(StraceCall call) => call.Name switch
        {
            "mmap" => [Bytes(call, call.Result, call.Arguments[1])],
            "mremap" => [Bytes(call, call.Arguments[0], call.Arguments[1]), Bytes(call, call.Result, call.Arguments[2])],
            "munmap" or "mprotect" or "madvise" or "mlock" or "mlock2" or "munlock" => [Bytes(call, call.Arguments[0], call.Arguments[1])],
            _ => [],
        };

        /// <summary>The ranges by which heaps grow and shrink.</summary>
        private static IEnumerable<(long Start, long End)> Heaps(IEnumerable<StraceCall> calls)
        {
            var breaks = new Dictionary<long, long>();
            foreach (StraceCall call in calls.Where(call => call.Succeeded))
            {
                if (call.Name == "brk")
                {
                    long end = PageAligned(Number(call, call.Result, "an address")) / PageSize;
                    long old = breaks.GetValueOrDefault(call.Pid, end);
                    yield return (Math.Min(old, end), Math.Max(old, end));
                    breaks[call.Pid] = end;
                }
                else if (call.Name == "execve")
                {
                    breaks.Remove(call.Pid);
                }
                else if (call.MakesProcess && breaks.TryGetValue(call.Pid, out long inherited))
                {
                    breaks[Number(call, call.Result, "the number of the new process")] = inherited;
                }
            }
        }

        private PageRange RangeOf(StraceCall call) =>
            RangeOf(call, call.Name == "mmap" ? call.Result : call.Arguments[0], call.Arguments[1]);

        private PageRange RangeOf(StraceCall call, string address, string length)
        {
            (long start, long end) = Bytes(call, address, length);
            return PageRange.Of(pages[start], end - start);
        }

        private static (long Start, long End) Bytes(StraceCall call, string address, string length)
        {
            long start = Number(call, address, "an address");
            return (start / PageSize, PageAligned(start + Number(call, length, "a length")) / PageSize);
        }

        private static long PageAligned(long bytes) => (bytes + PageSize - 1) / PageSize * PageSize;

        /// <summary>Nothing of a program is as large, and the sum of two is a number still.</summary>
        private const long Largest = 1L << 61;

        private static long Number(StraceCall call, string text, string expected)
        {
            bool hexadecimal = text.StartsWith("0x", StringComparison.Ordinal);
            NumberStyles style = hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
            return long.TryParse(hexadecimal ? text.AsSpan(2) : text, style, CultureInfo.InvariantCulture, out long number)
                && number is >= 0 and <= Largest
                ? number
                : throw new UnexpectedArgumentException(call, $"{expected} in the place of '{text}'");
        }

        private static Protection ProtectionOf(StraceCall call) =>
            (call.Arguments[2].Contains("PROT_READ", StringComparison.Ordinal) ? Protection.Read : Protection.None)
            | (call.Arguments[2].Contains("PROT_WRITE", StringComparison.Ordinal) ? Protection.Write : Protection.None)
            | (call.Arguments[2].Contains("PROT_EXEC", StringComparison.Ordinal) ? Protection.Exec : Protection.None);

        private static Advice? AdviceOf(string name) => name switch
        {
            "MADV_DONTNEED" => Advice.DontNeed,
            "MADV_FREE" => Advice.Free,
            "MADV_REMOVE" => Advice.Remove,
            "MADV_COLD" => Advice.Cold,
            "MADV_PAGEOUT" => Advice.PageOut,
            "MADV_MERGEABLE" => Advice.Mergeable,
            "MADV_UNMERGEABLE" => Advice.Unmergeable,
            "MADV_DONTFORK" => Advice.DontFork,
            "MADV_DOFORK" => Advice.DoFork,
            "MADV_WIPEONFORK" => Advice.WipeOnFork,
            "MADV_KEEPONFORK" => Advice.KeepOnFork,
            "MADV_POPULATE_READ" => Advice.PopulateRead,
            "MADV_POPULATE_WRITE" => Advice.PopulateWrite,
            _ => null,
        };
    }
}
