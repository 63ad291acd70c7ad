using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Rmap.Regressions.Kernel;

namespace Rmap.Regressions.Host;

/// <summary>
/// Whole passes of ksmd, one at a time. That takes settings of the whole system, so it has to be allowed; one process at a time has them,
/// and they are restored at the end, or at the next beginning if there was no end.
/// </summary>
internal sealed class HostKsm : IDisposable
{
    /// <summary>The environment variable that allows it.</summary>
    internal const string Variable = "RMAP_HOST_KSM";

    private const string Folder = "/sys/kernel/mm/ksm";

    /// <summary>So long that ksmd does nothing unless it is woken; the two take turns, for writing one wakes it.</summary>
    private const int Sleep = 1_000_000;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>In the order in which they can be written.</summary>
    private static readonly (string Name, string Value)[] Settings =
    [
        ("advisor_mode", "none"), ("smart_scan", "0"), ("pages_to_scan", "1000000000"), ("use_zero_pages", "0"),
        ("max_page_sharing", "256"), ("sleep_millisecs", "1000000"),
    ];

    /// <summary>Where only root can write: what stands there is written into the system's settings.</summary>
    private const string Saved = "/run/rmap-host-ksm.saved";

    /// <summary>Stands in the saved settings for the processors that ksmd may use.</summary>
    private const string Processors = "processors";

    private readonly FileStream held;
    private readonly List<PosixSignalRegistration> signals = [];
    private readonly RunningKernel anchor;
    private readonly int daemon = Daemon();
    private int turn;

    private HostKsm(FileStream held, string tree)
    {
        this.held = held;
        IEnumerable<string> names = Settings.Select(setting => setting.Name).Append("run");
        File.WriteAllLines(Saved, [$"{Processors} {AffinityOf(daemon)}", .. names.Select(name => $"{name} {Read(name)}")]);
        signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Restore()));
        signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Restore()));
        Write("run", "2");
        foreach ((string name, string value) in Settings)
        {
            Write(name, value);
        }

        // On the processor of the tree, where its batches of pages are drained.
        long own = AffinityOf(Environment.ProcessId);
        SetAffinity(daemon, own & -own);
        anchor = Anchor(tree);
        Write("run", "1");
    }

    /// <summary>Whether ksmd scans by itself, or for somebody else.</summary>
    internal static bool Runs => HostKernel.HasKsm && Read("run") != "0";

    /// <summary>Whether it is allowed.</summary>
    internal static bool IsAllowed => Environment.GetEnvironmentVariable(Variable) == "1" && HostKernel.HasKsm;

    /// <summary>Takes hold of ksmd, if that is allowed; else null. First restores what a run that was killed has left.</summary>
    /// <param name="tree">The process tree: one process of its own stays while ksmd is held.</param>
    /// <exception cref="KernelException">Somebody else has it, or the settings cannot be made.</exception>
    internal static HostKsm? Take(string tree)
    {
        if (!IsAllowed && !File.Exists(Saved))
            return null;

        FileStream? held = null;
        try
        {
            held = new FileStream(Saved + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            Restore();
            if (IsAllowed)
                return new HostKsm(held, tree);

            held.Dispose();
            return null;
        }
        catch (IOException) when (held is null && !IsAllowed)
        {
            return null; // they are in use: no business of who does not want them
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or KernelException)
        {
            if (held is not null)
            {
                Restore();
                held.Dispose();
            }

            throw new KernelException($"ksmd cannot be had: {e.Message}");
        }
    }

    /// <summary>Takes apart all that is merged, and forgets all checksums.</summary>
    internal void Forget()
    {
        Write("run", "2");
        Write("run", "1");
    }

    /// <summary>Whole passes.</summary>
    internal void Scan(long passes)
    {
        for (long i = 0; i < passes; i++)
        {
            string before = Read("full_scans");
            turn ^= 1;
            Write("sleep_millisecs", (Sleep + turn).ToString(CultureInfo.InvariantCulture));
            var watch = Stopwatch.StartNew();
            while (Read("full_scans") == before || !IsAsleep())
            {
                if (watch.Elapsed > Longest)
                    throw new KernelException($"ksmd does not end a pass in {Longest.TotalSeconds} s.");
            }
        }
    }

    public void Dispose()
    {
        Restore();
        signals.ForEach(signal => signal.Dispose());
        anchor.Dispose();
        held.Dispose();
    }

    /// <summary>Without any mergeable page ksmd waits elsewhere: one that equals none of a scenario.</summary>
    private static RunningKernel Anchor(string tree)
    {
        var page = new PageRange(new VirtualPage(0), new VirtualPage(1));
        var process = new ProcessId(0);
        Scenario scenario = Scenario.Of(
            new Operation.Mmap(process, page, Protection.Read | Protection.Write, Shared: false),
            new Operation.Write(process, page.Start, 251),
            new Operation.Madvise(process, page, Advice.Mergeable));
        RunningKernel anchor = RunningKernel.Boot(new HostTree(tree, null));
        anchor.Send(Requests.Of(scenario));
        for (int i = 0; i <= scenario.Steps.Length; i++)
        {
            if (anchor.Answer(out Trouble trouble) is not { } answer
                || Encoding.UTF8.GetString(answer).Contains("errno", StringComparison.Ordinal))
            {
                anchor.Dispose();
                throw new KernelException($"No page can be made mergeable: {trouble}.");
            }
        }

        return anchor;
    }

    private bool IsAsleep()
    {
        string stat = File.ReadAllText($"/proc/{daemon}/stat");
        return stat[stat.LastIndexOf(')') + 2] == 'S';
    }

    /// <summary>The settings as they were, if they have been changed.</summary>
    private static void Restore()
    {
        if (!File.Exists(Saved))
            return;

        Write("run", "2");
        foreach (string[] setting in File.ReadAllLines(Saved).Select(line => line.Split(' ')))
        {
            if (setting[0] == Processors)
                SetAffinity(Daemon(), long.Parse(setting[1], CultureInfo.InvariantCulture));
            else
                Write(setting[0], setting[1]);
        }

        File.Delete(Saved);
    }

    private static int Daemon() => System.Diagnostics.Process.GetProcessesByName("ksmd") is [{ Id: var id }]
        ? id
        : throw new KernelException("there is no ksmd.");

    private static long AffinityOf(int pid)
    {
        using var process = System.Diagnostics.Process.GetProcessById(pid);
        return OperatingSystem.IsLinux() ? process.ProcessorAffinity : 0;
    }

    private static void SetAffinity(int pid, long mask)
    {
        using var process = System.Diagnostics.Process.GetProcessById(pid);
        if (OperatingSystem.IsLinux())
            process.ProcessorAffinity = (nint)mask;
    }

    /// <summary>A setting; of several words the chosen one, which stands in brackets.</summary>
    private static string Read(string name)
    {
        string text = File.ReadAllText(Path.Combine(Folder, name)).Trim();
        int open = text.IndexOf('[', StringComparison.Ordinal);
        return open < 0 ? text : text[(open + 1)..text.IndexOf(']', StringComparison.Ordinal)];
    }

    private static void Write(string name, string value) => File.WriteAllText(Path.Combine(Folder, name), value);
}
