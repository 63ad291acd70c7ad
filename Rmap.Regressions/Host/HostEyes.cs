using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Rmap.Regressions.Kernel;

namespace Rmap.Regressions.Host;

/// <summary>Looks at processes of the running kernel through <c>/proc</c>: maps, pagemap, kpagecount, kpageflags.</summary>
internal sealed class HostEyes : IDisposable
{
    private const long FirstPage = 0x10000;

    private const int Entry = 8, PageSize = 4096;

    /// <summary>Bits of <c>pagemap</c>.</summary>
    private const ulong Present = 1UL << 63, Swapped = 1UL << 62, FrameMask = (1UL << 55) - 1;

    /// <summary>Bits of <c>kpageflags</c>. The last one means AnonExclusive where KPF_ANON is set.</summary>
    private const ulong Anon = 1UL << 12, Unevictable = 1UL << 18, KsmPage = 1UL << 21, ZeroPage = 1UL << 24, AnonExclusive = 1UL << 34;

    private readonly SafeFileHandle counts = File.OpenHandle("/proc/kpagecount");
    private readonly SafeFileHandle flags = File.OpenHandle("/proc/kpageflags");

    /// <summary>Why nothing would be seen, or null.</summary>
    internal static string? Missing
    {
        get
        {
            try
            {
                using var eyes = new HostEyes();
                using SafeFileHandle own = File.OpenHandle("/proc/self/pagemap");
                long somewhere = long.Parse(File.ReadLines("/proc/self/maps").First().Split('-')[0], NumberStyles.HexNumber);
                return Frame(ReadEntry(own, somewhere / PageSize)) != 0 && eyes.IsCounted(own, somewhere / PageSize)
                    ? null
                    : "/proc/self/pagemap does not tell which frames are mapped: run as root.";
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return $"{e.Message} Run as root, on a kernel with CONFIG_PROC_PAGE_MONITOR.";
            }
        }
    }

    /// <summary>What these processes have in the arena.</summary>
    /// <param name="pids">The process behind each number.</param>
    internal HostView Look(IEnumerable<(ProcessId Process, int Pid)> pids)
    {
        var view = new HostView();
        foreach ((ProcessId process, int pid) in pids.OrderBy(each => each.Process.Number))
        {
            List<PageRange> ranges = ReadMaps(view, process, pid);
            using SafeFileHandle pagemap = File.OpenHandle($"/proc/{pid}/pagemap");
            foreach (PageRange range in ranges)
                ReadPages(view, process, pagemap, range);
        }

        return view;
    }

    public void Dispose()
    {
        counts.Dispose();
        flags.Dispose();
    }

    /// <summary>The VMAs that lie in the arena.</summary>
    private static List<PageRange> ReadMaps(HostView view, ProcessId process, int pid)
    {
        List<PageRange> ranges = [];
        foreach (string line in File.ReadLines($"/proc/{pid}/maps"))
        {
            string[] words = line.Split(' ', 6);
            string[] ends = words[0].Split('-');
            long start = Pages(ends[0]) - FirstPage, end = Pages(ends[1]) - FirstPage;
            if (start < 0 || start >= Vocabulary.Arena)
                continue;

            var range = new PageRange(new VirtualPage(start), new VirtualPage(end));
            ranges.Add(range);
            view.AddVma(process, range, words[1], Backing(words[5].Trim(), Pages(words[2])));
        }

        return ranges;
    }

    private static long Pages(string address) => long.Parse(address, NumberStyles.HexNumber) / PageSize;

    private static string Backing(string path, long offset)
    {
        const string memory = "/memfd:", deleted = " (deleted)";
        return path.Length == 0 ? "anon"
            : path.StartsWith("/SYSV", StringComparison.Ordinal) ? $"segment@{offset}"
            : path.StartsWith(memory, StringComparison.Ordinal) ? $"{path[memory.Length..^deleted.Length]}@{offset}"
            : $"shmem@{offset}";
    }

    private void ReadPages(HostView view, ProcessId process, SafeFileHandle pagemap, PageRange range)
    {
        Span<byte> entries = new byte[range.Pages * Entry];
        RandomAccess.Read(pagemap, entries, (FirstPage + range.Start.Number) * Entry);
        for (VirtualPage page = range.Start; page < range.End; page += 1, entries = entries[Entry..])
        {
            ulong entry = BinaryPrimitives.ReadUInt64LittleEndian(entries);
            if ((entry & Swapped) != 0)
                view.AddSwap(process, page);
            else if ((entry & Present) != 0)
                AddPage(view, process, page, Frame(entry));
        }
    }

    private void AddPage(HostView view, ProcessId process, VirtualPage page, long frame)
    {
        ulong bits = ReadEntry(flags, frame);
        if ((bits & ZeroPage) != 0)
        {
            view.AddZeroPage(process, page);
            return;
        }

        view.AddPage(
            process, page, frame, (long)ReadEntry(counts, frame), isAnon: (bits & Anon) != 0, isKsm: (bits & KsmPage) != 0,
            isExclusive: (bits & (Anon | AnonExclusive)) == (Anon | AnonExclusive), isUnevictable: (bits & Unevictable) != 0);
    }

    private bool IsCounted(SafeFileHandle pagemap, long page) => ReadEntry(counts, Frame(ReadEntry(pagemap, page))) > 0;

    private static long Frame(ulong entry) => (entry & Present) == 0 ? 0 : (long)(entry & FrameMask);

    private static ulong ReadEntry(SafeFileHandle file, long index)
    {
        Span<byte> entry = stackalloc byte[Entry];
        RandomAccess.Read(file, entry, index * Entry);
        return BinaryPrimitives.ReadUInt64LittleEndian(entry);
    }
}
