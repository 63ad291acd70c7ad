namespace Rmap.Regressions.Recordings;

internal static partial class RecordingReader
{
    private static readonly string[] StateFields = ["ksm"], StateOptional = ["procs", "frames", "anonVmas", "files", "swap"],
        ProcessFields = ["p"], ProcessOptional = ["vmas", "pages"],
        VmaFields = ["start", "end", "prot", "shared", "pgoff", "file", "anonVma"], VmaOptional = ["flags", "chain"],
        PteFields = ["page", "pte"], PteOptional = ["frame", "writable", "dirty", "young", "slot", "exclusive"],
        FrameFields = ["frame", "kind", "mapping", "index", "mapcount", "refcount", "anonExclusive", "swapCache", "dirty", "swapBacked",
            "referenced", "mlocked", "value"],
        FrameOptional = ["rmap", "rmapOrder", "rmapVisited", "active", "unevictable", "writeback", "locked", "lru", "uptodate"],
        PlaceFields = ["p", "page"], StartFields = ["p", "start"],
        AnonVmaFields = ["id", "root", "parent", "numChildren", "numActiveVmas", "refcount"], AnonVmaOptional = ["tree"],
        TreeFields = ["p", "start", "pgoff"],
        FileFields = ["id", "pages"], FileOptional = ["iMmap", "cached"],
        CacheFields = ["index"], CacheOptional = ["frame", "slot", "shadow"],
        SlotFields = ["slot", "count", "cached"], SlotOptional = ["frame"],
        KsmFields = ["shared", "sharing", "unshared", "volatile", "zeroPages"], KsmOptional = ["stable", "slots"],
        StableFields = ["id", "frame"], StableOptional = ["items"],
        RmapItemFields = ["p", "page", "anonVma"],
        MmSlotFields = ["p", "exited"], MmSlotOptional = ["items"];

    /// <summary>The flags of a VMA that recordings tell.</summary>
    public const VmFlags RecordedFlags = VmFlags.Access | VmFlags.Shared | VmFlags.Locked | VmFlags.LockOnFault | VmFlags.Mergeable
        | VmFlags.DontCopy | VmFlags.WipeOnFork | VmFlags.Account | VmFlags.NoReserve | VmFlags.UffdMissing;

    private static RecordedState State(ref JsonCursor json)
    {
        RecordedProcess[] processes = [];
        RecordedFrame[] frames = [];
        RecordedAnonVma[] anonVmas = [];
        RecordedFile[] files = [];
        RecordedSlot[] swap = [];
        RecordedKsm? ksm = null;
        var fields = new Fields(StateFields, StateOptional);
        json.BeginObject("a state: an object");
        while (json.NextField(ref fields) is { } field)
        {
            switch (field)
            {
                case "procs":
                    processes = Array(ref json, "the processes: an array", ProcessState);
                    break;
                case "frames":
                    frames = Array(ref json, "the frames: an array", Frame);
                    break;
                case "anonVmas":
                    anonVmas = Array(ref json, "the anon_vmas: an array", AnonVma);
                    break;
                case "files":
                    files = Array(ref json, "the files: an array", FileState);
                    break;
                case "swap":
                    swap = Array(ref json, "the swap slots: an array", Slot);
                    break;
                case "ksm":
                    ksm = Ksm(ref json);
                    break;
            }
        }

        return new RecordedState(processes, frames, anonVmas, files, swap, ksm!);
    }

    private static RecordedProcess ProcessState(ref JsonCursor json)
    {
        int process = 0;
        RecordedVma[] vmas = [];
        RecordedPte[] ptes = [];
        var fields = new Fields(ProcessFields, ProcessOptional);
        json.BeginObject("a process: an object");
        while (json.NextField(ref fields) is { } field)
        {
            switch (field)
            {
                case "p":
                    process = Process(ref json);
                    break;
                case "vmas":
                    vmas = Array(ref json, "the VMAs: an array", Vma);
                    break;
                case "pages":
                    ptes = Array(ref json, "the page-table entries: an array", Pte);
                    break;
            }
        }

        return new RecordedProcess(process, vmas, ptes);
    }

    private static RecordedVma Vma(ref JsonCursor json)
    {
        long start = 0, end = 0, pageOffset = 0;
        var flags = VmFlags.None;
        string? file = null, anonVma = null;
        string[] chain = [];
        var fields = new Fields(VmaFields, VmaOptional);
        json.BeginObject("a VMA: an object");
        while (json.NextField(ref fields) is { } field)
        {
            switch (field)
            {
                case "start":
                    start = Page(ref json);
                    break;
                case "end":
                    end = Page(ref json);
                    break;
                case "prot":
                    flags |= AccessFlags(ref json);
                    break;
                case "shared":
                    flags |= json.Bool("shared") ? VmFlags.Shared : VmFlags.None;
                    break;
                case "pgoff":
                    pageOffset = PageOffset(ref json);
                    break;
                case "flags":
                    json.BeginArray("the flags: an array");
                    while (json.NextElement())
                    {
                        flags |= json.Word(KnownVmaFlags, word => (VmaFlagWords.TryGetValue(word, out VmFlags flag), flag));
                    }

                    break;
                case "file":
                    file = json.TextOrNull("a file's name");
                    break;
                case "anonVma":
                    anonVma = json.TextOrNull("an anon_vma's name");
                    break;
                case "chain":
                    chain = Array(ref json, "the chain: an array", AnonVmaName);
                    break;
            }
        }

        return new RecordedVma(start, end, flags, pageOffset, file, anonVma, chain);
    }

    private static readonly Dictionary<string, VmFlags> VmaFlagWords = new()
    {
        ["locked"] = VmFlags.Locked,
        ["lockonfault"] = VmFlags.LockOnFault,
        ["mergeable"] = VmFlags.Mergeable,
        ["dontcopy"] = VmFlags.DontCopy,
        ["wipeonfork"] = VmFlags.WipeOnFork,
        ["account"] = VmFlags.Account,
        ["noreserve"] = VmFlags.NoReserve,
        ["uffd"] = VmFlags.UffdMissing,
    };

    private static readonly string KnownVmaFlags = "one of the flags " + string.Join(", ", VmaFlagWords.Keys);

    private static VmFlags AccessFlags(ref JsonCursor json) => json.Word("a protection such as \"rw-\"", word => (
        word is [('r' or '-'), ('w' or '-'), ('x' or '-')],
        (word.Contains('r') ? VmFlags.Read : 0) | (word.Contains('w') ? VmFlags.Write : 0) | (word.Contains('x') ? VmFlags.Exec : 0)));

    private static string AnonVmaName(ref JsonCursor json) => json.Text("an anon_vma's name");

    private static long PageOffset(ref JsonCursor json) => json.Number("a page offset", -MostPages, MostPages);

    private static RecordedPte Pte(ref JsonCursor json)
    {
        long page = 0;
        PteKind? kind = null;
        var bits = PteBits.None;
        string? target = null;
        var fields = new Fields(PteFields, PteOptional);
        json.BeginObject("a page-table entry: an object");
        while (json.NextField(ref fields) is { } field)
        {
            switch (field)
            {
                case "page":
                    page = Page(ref json);
                    break;
                case "pte":
                    kind = json.Word("one of present, zero, swap, migration, other", PteKindOf);
                    break;
                case "frame" or "slot":
                    target = json.Text("a name");
                    break;
                default:
                    PteBits bit = field switch
                    {
                        "writable" => PteBits.Writable,
                        "dirty" => PteBits.Dirty,
                        "young" => PteBits.Young,
                        _ => PteBits.Exclusive,
                    };
                    bits |= json.Bool(field) ? bit : PteBits.None;
                    break;
            }
        }

        return target is not null || kind is not (PteKind.Present or PteKind.Swap or PteKind.Migration)
            ? new RecordedPte(page, kind, bits, target)
            : throw json.Unexpected("a frame or slot in the entry before this");
    }

    private static (bool, PteKind?) PteKindOf(string word) => word switch
    {
        "present" => (true, PteKind.Present),
        "zero" => (true, PteKind.ZeroPage),
        "swap" => (true, PteKind.Swap),
        "migration" => (true, PteKind.Migration),
        _ => (word == "other", null),
    };

    private static RecordedFrame Frame(ref JsonCursor json)
    {
        string name = "", kind = "";
        string? mapping = null, swapCache = null;
        long index = 0, mapCount = 0, refCount = 0, value = 0;
        long? visited = null;
        bool exclusive = false, dirty = false, swapBacked = false, referenced = false, mlocked = false, active = false, unevictable = false,
            writeback = false, locked = false, lru = true, uptodate = true;
        Place[] rmap = [], order = [];
        var fields = new Fields(FrameFields, FrameOptional);
        json.BeginObject("a frame: an object");
        while (json.NextField(ref fields) is { } field)
        {
            switch (field)
            {
                case "frame":
                    name = json.Text("a frame's name");
                    break;
                case "kind":
                    kind = json.Word("one of anon, ksm, file, shmem, swapcache", word => (
                        word is "anon" or "ksm" or "file" or "shmem" or "swapcache", word));
                    break;
                case "mapping":
                    mapping = json.TextOrNull("a name");
                    break;
                case "index":
                    index = PageOffset(ref json);
                    break;
                case "mapcount":
                    mapCount = Count(ref json, field);
                    break;
                case "refcount":
                    refCount = Count(ref json, field);
                    break;
                case "anonExclusive":
                    exclusive = json.Bool(field);
                    break;
                case "swapCache":
                    swapCache = json.TextOrNull("a slot's name");
                    break;
                case "dirty":
                    dirty = json.Bool(field);
                    break;
                case "swapBacked":
                    swapBacked = json.Bool(field);
                    break;
                case "referenced":
                    referenced = json.Bool(field);
                    break;
                case "mlocked":
                    mlocked = json.Bool(field);
                    break;
                case "value":
                    value = json.Number("the first byte", 0, byte.MaxValue);
                    break;
                case "active":
                    active = json.Bool(field);
                    break;
                case "unevictable":
                    unevictable = json.Bool(field);
                    break;
                case "writeback":
                    writeback = json.Bool(field);
                    break;
                case "locked":
                    locked = json.Bool(field);
                    break;
                case "lru":
                    lru = json.Bool(field);
                    break;
                case "uptodate":
                    uptodate = json.Bool(field);
                    break;
                case "rmap":
                    rmap = Array(ref json, "the rmap list: an array", PlaceOfPage);
                    break;
                case "rmapOrder":
                    order = Array(ref json, "the rmap list in its order: an array", PlaceOfPage);
                    break;
                case "rmapVisited":
                    visited = Count(ref json, field);
                    break;
            }
        }

        return new RecordedFrame(
            name, kind, mapping, index, mapCount, refCount, exclusive, swapCache, dirty, swapBacked, referenced, mlocked, value, active,
            unevictable, writeback, locked, lru, uptodate, rmap, order.Length > 0 ? order : rmap, visited);
    }

    private static Place PlaceOfPage(ref JsonCursor json) => PlaceOf(ref json, PlaceFields);

    private static Place PlaceOfVma(ref JsonCursor json) => PlaceOf(ref json, StartFields);

    private static Place PlaceOf(ref JsonCursor json, string[] names)
    {
        int process = 0;
        long page = 0;
        var fields = new Fields(names);
        json.BeginObject("a place: an object");
        while (json.NextField(ref fields) is { } field)
        {
            if (field == "p")
            {
                process = Process(ref json);
            }
            else
            {
                page = Page(ref json);
            }
        }

        return new Place(process, page);
    }

    private static RecordedAnonVma AnonVma(ref JsonCursor json)
    {
        string name = "", root = "", parent = "";
        long children = 0, active = 0, refCount = 0;
        RecordedTreeEntry[] tree = [];
        var fields = new Fields(AnonVmaFields, AnonVmaOptional);
        json.BeginObject("an anon_vma: an object");
        while (json.NextField(ref fields) is { } field)
        {
            switch (field)
            {
                case "id":
                    name = AnonVmaName(ref json);
                    break;
                case "root":
                    root = AnonVmaName(ref json);
                    break;
                case "parent":
                    parent = AnonVmaName(ref json);
                    break;
                case "numChildren":
                    children = Count(ref json, field);
                    break;
                case "numActiveVmas":
                    active = Count(ref json, field);
                    break;
                case "refcount":
                    refCount = Count(ref json, field);
                    break;
                case "tree":
                    tree = Array(ref json, "the tree: an array", TreeEntry);
                    break;
            }
        }

        return new RecordedAnonVma(name, root, parent, children, active, refCount, tree);
    }

    private static RecordedTreeEntry TreeEntry(ref JsonCursor json)
    {
        int process = 0;
        long start = 0, pageOffset = 0;
        var fields = new Fields(TreeFields);
        json.BeginObject("a tree entry: an object");
        while (json.NextField(ref fields) is { } field)
        {
            switch (field)
            {
                case "p":
                    process = (int)json.Number("a process number, or -1 for one outside", -1, int.MaxValue);
                    break;
                case "start":
                    start = PageOffset(ref json);
                    break;
                default:
                    pageOffset = PageOffset(ref json);
                    break;
            }
        }

        return new RecordedTreeEntry(process, start, pageOffset);
    }

    private static RecordedFile FileState(ref JsonCursor json)
    {
        string name = "";
        long pages = 0;
        Place[] iMmap = [];
        RecordedCacheEntry[] cached = [];
        var fields = new Fields(FileFields, FileOptional);
        json.BeginObject("a file: an object");
        while (json.NextField(ref fields) is { } field)
        {
            switch (field)
            {
                case "id":
                    name = json.Text("a file's name");
                    break;
                case "pages":
                    pages = json.Number("a number of pages", 0, MostPages);
                    break;
                case "iMmap":
                    iMmap = Array(ref json, "i_mmap: an array", PlaceOfVma);
                    break;
                default:
                    cached = Array(ref json, "the page cache: an array", CacheEntry);
                    break;
            }
        }

        return new RecordedFile(name, pages, iMmap, cached);
    }

    private static RecordedCacheEntry CacheEntry(ref JsonCursor json)
    {
        long index = 0;
        string? frame = null, slot = null;
        bool shadow = false;
        var fields = new Fields(CacheFields, CacheOptional);
        json.BeginObject("an entry of the page cache: an object");
        while (json.NextField(ref fields) is { } field)
        {
            switch (field)
            {
                case "index":
                    index = json.Number("an index", 0, MostPages);
                    break;
                case "frame":
                    frame = json.Text("a frame's name");
                    break;
                case "slot":
                    slot = json.Text("a slot's name");
                    break;
                default:
                    shadow = json.Bool(field);
                    break;
            }
        }

        return new RecordedCacheEntry(index, frame, slot, shadow);
    }

    private static RecordedSlot Slot(ref JsonCursor json)
    {
        string name = "";
        string? frame = null;
        long count = 0;
        bool cached = false;
        var fields = new Fields(SlotFields, SlotOptional);
        json.BeginObject("a swap slot: an object");
        while (json.NextField(ref fields) is { } field)
        {
            switch (field)
            {
                case "slot":
                    name = json.Text("a slot's name");
                    break;
                case "count":
                    count = Count(ref json, field);
                    break;
                case "cached":
                    cached = json.Bool(field);
                    break;
                default:
                    frame = json.Text("a frame's name");
                    break;
            }
        }

        return new RecordedSlot(name, count, cached, frame);
    }

    private static RecordedKsm Ksm(ref JsonCursor json)
    {
        long shared = 0, sharing = 0, unshared = 0, volatilePages = 0, zeroPages = 0;
        RecordedStableNode[] stable = [];
        RecordedMmSlot[] slots = [];
        var fields = new Fields(KsmFields, KsmOptional);
        json.BeginObject("KSM's state: an object");
        while (json.NextField(ref fields) is { } field)
        {
            switch (field)
            {
                case "shared":
                    shared = Count(ref json, field);
                    break;
                case "sharing":
                    sharing = Count(ref json, field);
                    break;
                case "unshared":
                    unshared = Count(ref json, field);
                    break;
                case "volatile":
                    volatilePages = Count(ref json, field);
                    break;
                case "zeroPages":
                    zeroPages = Count(ref json, field);
                    break;
                case "stable":
                    stable = Array(ref json, "the stable nodes: an array", StableNode);
                    break;
                case "slots":
                    slots = Array(ref json, "the mm slots: an array", MmSlot);
                    break;
            }
        }

        return new RecordedKsm(shared, sharing, unshared, volatilePages, zeroPages, stable, slots);
    }

    private static RecordedStableNode StableNode(ref JsonCursor json)
    {
        string name = "";
        string? frame = null;
        RecordedRmapItem[] items = [];
        var fields = new Fields(StableFields, StableOptional);
        json.BeginObject("a stable node: an object");
        while (json.NextField(ref fields) is { } field)
        {
            switch (field)
            {
                case "id":
                    name = json.Text("a stable node's name");
                    break;
                case "frame":
                    frame = json.TextOrNull("a frame's name");
                    break;
                default:
                    items = Array(ref json, "the rmap items: an array", RmapItem);
                    break;
            }
        }

        return new RecordedStableNode(name, frame, items);
    }

    private static RecordedRmapItem RmapItem(ref JsonCursor json)
    {
        int process = 0;
        long page = 0;
        string? anonVma = null;
        var fields = new Fields(RmapItemFields);
        json.BeginObject("an rmap item: an object");
        while (json.NextField(ref fields) is { } field)
        {
            switch (field)
            {
                case "p":
                    process = Process(ref json);
                    break;
                case "page":
                    page = Page(ref json);
                    break;
                default:
                    anonVma = json.TextOrNull("an anon_vma's name");
                    break;
            }
        }

        return new RecordedRmapItem(process, page, anonVma);
    }

    private static RecordedMmSlot MmSlot(ref JsonCursor json)
    {
        int process = 0;
        bool exited = false;
        RecordedItemState[] items = [];
        var fields = new Fields(MmSlotFields, MmSlotOptional);
        json.BeginObject("an mm slot: an object");
        while (json.NextField(ref fields) is { } field)
        {
            switch (field)
            {
                case "p":
                    process = Process(ref json);
                    break;
                case "exited":
                    exited = json.Bool(field);
                    break;
                default:
                    items = Array(ref json, "the rmap items: an array", ItemState);
                    break;
            }
        }

        return new RecordedMmSlot(process, exited, items);
    }

    private static RecordedItemState ItemState(ref JsonCursor json)
    {
        json.BeginArray("an rmap item: [page, state]");
        long page = Page(ref json);
        string state = json.Word("one of stable, unstable, none", word => (word is "stable" or "unstable" or "none", word));
        return json.NextElement() ? throw json.Unexpected("the end of the rmap item") : new RecordedItemState(page, state);
    }
}
