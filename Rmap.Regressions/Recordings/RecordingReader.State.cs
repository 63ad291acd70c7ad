using System.Collections.Frozen;

namespace Rmap.Regressions.Recordings;

/// <summary>The state, whose fields stand in the order in which the recorder writes them; lists that are empty are left out.</summary>
internal static partial class RecordingReader
{
    /// <summary>The flags of a VMA that recordings tell.</summary>
    public const VmFlags RecordedFlags = VmFlags.Access | VmFlags.Shared | VmFlags.Locked | VmFlags.LockOnFault | VmFlags.Mergeable
        | VmFlags.DontCopy | VmFlags.WipeOnFork | VmFlags.Account | VmFlags.NoReserve | VmFlags.UffdMissing;

    private static readonly FrozenDictionary<string, VmFlags> VmaFlagWords = new Dictionary<string, VmFlags>
    {
        ["locked"] = VmFlags.Locked,
        ["lockonfault"] = VmFlags.LockOnFault,
        ["mergeable"] = VmFlags.Mergeable,
        ["dontcopy"] = VmFlags.DontCopy,
        ["wipeonfork"] = VmFlags.WipeOnFork,
        ["account"] = VmFlags.Account,
        ["noreserve"] = VmFlags.NoReserve,
        ["uffd"] = VmFlags.UffdMissing,
    }.ToFrozenDictionary();

    private static readonly string KnownVmaFlags = "one of the flags " + string.Join(", ", VmaFlagWords.Keys);

    /// <summary>A protection.</summary>
    internal static VmFlags AccessFlags(JsonCursor json) => AccessFlagsAt(ref json);

    private static RecordedState State(ref JsonCursor json)
    {
        json.Begin("a state: an object");
        RecordedProcess[] processes = Array(ref json, "procs", "the processes: an array", ProcessState);
        RecordedFrame[] frames = Array(ref json, "frames", "the frames: an array", Frame);
        RecordedAnonVma[] anonVmas = Array(ref json, "anonVmas", "the anon_vmas: an array", AnonVma);
        RecordedFile[] files = Array(ref json, "files", "the files: an array", FileState);
        RecordedSlot[] swap = Array(ref json, "swap", "the swap slots: an array", Slot);
        json.Field("ksm");
        RecordedKsm ksm = Ksm(ref json);
        json.End();
        return new RecordedState(processes, frames, anonVmas, files, swap, ksm);
    }

    private static RecordedProcess ProcessState(ref JsonCursor json)
    {
        json.Begin("a process: an object");
        var process = new RecordedProcess(
            Process(ref json), Array(ref json, "vmas", "the VMAs: an array", Vma),
            Array(ref json, "pages", "the page-table entries: an array", Pte));
        json.End();
        return process;
    }

    private static RecordedVma Vma(ref JsonCursor json)
    {
        json.Begin("a VMA: an object");
        long start = Page(ref json, "start"), end = Page(ref json, "end");
        json.Field("prot");
        VmFlags flags = AccessFlagsAt(ref json);
        flags |= Bool(ref json, "shared") ? VmFlags.Shared : VmFlags.None;
        long pageOffset = PageOffset(ref json, "pgoff");
        long? anonPageOffset = json.Has("anonPgoff") ? json.Number("a page offset", -MostPages, MostPages) : null;
        foreach (VmFlags flag in Array(ref json, "flags", "the flags: an array", VmaFlag))
            flags |= flag;

        var vma = new RecordedVma(
            start, end, flags, pageOffset, anonPageOffset, NameOrNull(ref json, "file", "a file's name"),
            NameOrNull(ref json, "anonVma", "an anon_vma's name"), Array(ref json, "chain", "the chain: an array", AnonVmaName));
        json.End();
        return vma;
    }

    private static VmFlags VmaFlag(ref JsonCursor json) =>
        json.Word(KnownVmaFlags, word => (VmaFlagWords.TryGetValue(word, out VmFlags flag), flag));

    private static VmFlags AccessFlagsAt(ref JsonCursor json) => json.Word("a protection such as \"rw-\"", word => (
        word is [('r' or '-'), ('w' or '-'), ('x' or '-')],
        (word.Contains('r') ? VmFlags.Read : 0) | (word.Contains('w') ? VmFlags.Write : 0) | (word.Contains('x') ? VmFlags.Exec : 0)));

    private static RecordedPte Pte(ref JsonCursor json)
    {
        json.Begin("a page-table entry: an object");
        long page = Page(ref json, "page");
        json.Field("pte");
        PteKind? kind = json.Word("one of present, zero, swap, migration, other", PteKindOf);
        string? target = json.Has("frame") || json.Has("slot") ? json.Text("a name") : null;
        PteBits bits = (Flag(ref json, "exclusive") ? PteBits.Exclusive : PteBits.None)
            | (Flag(ref json, "writable") ? PteBits.Writable : PteBits.None)
            | (Flag(ref json, "dirty") ? PteBits.Dirty : PteBits.None)
            | (Flag(ref json, "young") ? PteBits.Young : PteBits.None);
        if (target is null && kind is PteKind.Present or PteKind.Swap or PteKind.Migration)
            throw json.Unexpected("a frame or slot in this entry");

        json.End();
        return new RecordedPte(page, kind, bits, target);
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
        json.Begin("a frame: an object");
        string name = Name(ref json, "frame", "a frame's name");
        json.Field("kind");
        string kind = json.Word("one of anon, ksm, file, shmem, swapcache", word => (
            word is "anon" or "ksm" or "file" or "shmem" or "swapcache", word));
        string? mapping = NameOrNull(ref json, "mapping", "a name");
        long index = PageOffset(ref json, "index"), mapCount = Count(ref json, "mapcount"), refCount = Count(ref json, "refcount");
        bool exclusive = Bool(ref json, "anonExclusive");
        string? swapCache = NameOrNull(ref json, "swapCache", "a slot's name");
        bool dirty = Bool(ref json, "dirty"), swapBacked = Bool(ref json, "swapBacked"), referenced = Bool(ref json, "referenced");
        bool mlocked = Bool(ref json, "mlocked"), unevictable = Flag(ref json, "unevictable"), active = Flag(ref json, "active");
        bool writeback = Flag(ref json, "writeback"), locked = Flag(ref json, "locked");
        bool lru = Flag(ref json, "lru", otherwise: true), uptodate = Flag(ref json, "uptodate", otherwise: true);
        json.Field("value");
        long value = json.Number("the first byte", 0, byte.MaxValue);
        Place[] rmap = Array(ref json, "rmap", "the rmap list: an array", PlaceOfPage);
        Place[] order = Array(ref json, "rmapOrder", "the rmap list in its order: an array", PlaceOfPage);
        long? visited = json.Has("rmapVisited") ? json.Number("rmapVisited", 0, int.MaxValue) : null;
        json.End();
        return new RecordedFrame(
            name, kind, mapping, index, mapCount, refCount, exclusive, swapCache, dirty, swapBacked, referenced, mlocked, value, active,
            unevictable, writeback, locked, lru, uptodate, rmap, order.Length > 0 ? order : rmap, visited);
    }

    private static Place PlaceOfPage(ref JsonCursor json) => PlaceOf(ref json, "page");

    private static Place PlaceOfVma(ref JsonCursor json) => PlaceOf(ref json, "start");

    private static Place PlaceOf(ref JsonCursor json, string page)
    {
        json.Begin("a place: an object");
        var place = new Place(Process(ref json), Page(ref json, page));
        json.End();
        return place;
    }

    private static RecordedAnonVma AnonVma(ref JsonCursor json)
    {
        const string what = "an anon_vma's name";
        json.Begin("an anon_vma: an object");
        var anonVma = new RecordedAnonVma(
            Name(ref json, "id", what), Name(ref json, "root", what), Name(ref json, "parent", what), Count(ref json, "numChildren"),
            Count(ref json, "numActiveVmas"), Count(ref json, "refcount"), Array(ref json, "tree", "the tree: an array", TreeEntry));
        json.End();
        return anonVma;
    }

    private static string AnonVmaName(ref JsonCursor json) => json.Text("an anon_vma's name");

    private static RecordedTreeEntry TreeEntry(ref JsonCursor json)
    {
        json.Begin("a tree entry: an object");
        json.Field("p");
        var entry = new RecordedTreeEntry(
            (int)json.Number("a process number, or -1 for one outside", -1, int.MaxValue), PageOffset(ref json, "start"),
            PageOffset(ref json, "pgoff"));
        json.End();
        return entry;
    }

    private static RecordedFile FileState(ref JsonCursor json)
    {
        json.Begin("a file: an object");
        string name = Name(ref json, "id", "a file's name");
        json.Field("pages");
        var file = new RecordedFile(
            name, json.Number("a number of pages", 0, MostPages), Array(ref json, "iMmap", "i_mmap: an array", PlaceOfVma),
            Array(ref json, "cached", "the page cache: an array", CacheEntry));
        json.End();
        return file;
    }

    private static RecordedCacheEntry CacheEntry(ref JsonCursor json)
    {
        json.Begin("an entry of the page cache: an object");
        json.Field("index");
        var entry = new RecordedCacheEntry(
            json.Number("an index", 0, MostPages), json.Has("frame") ? json.Text("a frame's name") : null,
            json.Has("slot") ? json.Text("a slot's name") : null, Flag(ref json, "shadow"));
        json.End();
        return entry;
    }

    private static RecordedSlot Slot(ref JsonCursor json)
    {
        json.Begin("a swap slot: an object");
        var slot = new RecordedSlot(
            Name(ref json, "slot", "a slot's name"), Count(ref json, "count"), Bool(ref json, "cached"),
            json.Has("frame") ? json.Text("a frame's name") : null);
        json.End();
        return slot;
    }

    private static RecordedKsm Ksm(ref JsonCursor json)
    {
        json.Begin("KSM's state: an object");
        var ksm = new RecordedKsm(
            Count(ref json, "shared"), Count(ref json, "sharing"), Count(ref json, "unshared"), Count(ref json, "volatile"),
            Count(ref json, "zeroPages"), Array(ref json, "stable", "the stable nodes: an array", StableNode),
            Array(ref json, "slots", "the mm slots: an array", MmSlot));
        json.End();
        return ksm;
    }

    private static RecordedStableNode StableNode(ref JsonCursor json)
    {
        json.Begin("a stable node: an object");
        var node = new RecordedStableNode(
            Name(ref json, "id", "a stable node's name"), NameOrNull(ref json, "frame", "a frame's name"),
            Array(ref json, "items", "the rmap items: an array", RmapItem));
        json.End();
        return node;
    }

    private static RecordedRmapItem RmapItem(ref JsonCursor json)
    {
        json.Begin("an rmap item: an object");
        var item = new RecordedRmapItem(
            Process(ref json), Page(ref json, "page"), NameOrNull(ref json, "anonVma", "an anon_vma's name"));
        json.End();
        return item;
    }

    private static RecordedMmSlot MmSlot(ref JsonCursor json)
    {
        json.Begin("an mm slot: an object");
        var slot = new RecordedMmSlot(
            Process(ref json), Bool(ref json, "exited"), Array(ref json, "items", "the rmap items: an array", ItemState));
        json.End();
        return slot;
    }

    private static RecordedItemState ItemState(ref JsonCursor json)
    {
        json.BeginArray("an rmap item: [page, state]");
        long page = json.Number("a page number", 0, MostPages);
        string state = json.Word("one of stable, unstable, none", word => (word is "stable" or "unstable" or "none", word));
        return json.NextElement() ? throw json.Unexpected("the end of the rmap item") : new RecordedItemState(page, state);
    }

    private static int Process(ref JsonCursor json)
    {
        json.Field("p");
        return (int)json.Number("a process number", 0, int.MaxValue);
    }

    private static long Page(ref JsonCursor json, string field)
    {
        json.Field(field);
        return json.Number("a page number", 0, MostPages);
    }

    private static long PageOffset(ref JsonCursor json, string field)
    {
        json.Field(field);
        return json.Number("a page offset", -MostPages, MostPages);
    }

    private static long Count(ref JsonCursor json, string field)
    {
        json.Field(field);
        return json.Number(field, 0, int.MaxValue);
    }

    private static bool Bool(ref JsonCursor json, string field)
    {
        json.Field(field);
        return json.Bool(field);
    }

    /// <summary>A field that is there only if it has not its usual value.</summary>
    private static bool Flag(ref JsonCursor json, string field, bool otherwise = false) => json.Has(field) ? json.Bool(field) : otherwise;

    private static string Name(ref JsonCursor json, string field, string what)
    {
        json.Field(field);
        return json.Text(what);
    }

    private static string? NameOrNull(ref JsonCursor json, string field, string what)
    {
        json.Field(field);
        return json.TextOrNull(what);
    }

    private static T[] Array<T>(ref JsonCursor json, string field, string expected, Element<T> element) =>
        json.Has(field) ? [.. List(ref json, expected, element)] : [];
}
