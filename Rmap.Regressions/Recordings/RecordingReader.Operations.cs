namespace Rmap.Regressions.Recordings;

internal static partial class RecordingReader
{
    private static readonly string[] OnRange = ["op", "p", "page", "len"], OnPage = ["op", "p", "page"], NoFields = [];

    /// <summary>The fields of each operation: required, optional.</summary>
    private static readonly Dictionary<string, (string[] Required, string[] Optional)> OperationFields = new()
    {
        ["mmap"] = ([.. OnRange, "prot"], ["shared", "file", "off", "how", "noReserve"]),
        ["munmap"] = (OnRange, NoFields),
        ["mlock"] = (OnRange, NoFields),
        ["mlockonfault"] = (OnRange, NoFields),
        ["munlock"] = (OnRange, NoFields),
        ["msync"] = (OnRange, NoFields),
        ["mprotect"] = ([.. OnRange, "prot"], NoFields),
        ["mremap"] = ([.. OnPage, "oldLen", "newLen"], ["to", "flags"]),
        ["madvise"] = ([.. OnRange, "advice"], NoFields),
        ["read"] = (OnPage, NoFields),
        ["write"] = ([.. OnPage, "value"], NoFields),
        ["fork"] = (["op", "p", "child"], NoFields),
        ["exit"] = (["op", "p"], NoFields),
        ["memoryMerge"] = (["op", "p", "on"], NoFields),
        ["fileCreate"] = (["op", "file", "pages"], ["fill", "fs"]),
        ["truncate"] = (["op", "file", "pages"], NoFields),
        ["punch"] = (["op", "file", "page", "len"], NoFields),
        ["fileWrite"] = (["op", "file", "page", "value"], NoFields),
        ["fsync"] = (["op", "file"], NoFields),
        ["shmget"] = (["op", "seg", "pages"], NoFields),
        ["shmat"] = ([.. OnPage, "seg"], ["readOnly"]),
        ["shmdt"] = (OnPage, NoFields),
        ["shmrm"] = (["op", "seg"], NoFields),
        ["ksmScan"] = (["op"], ["passes"]),
        ["ksmRun"] = (["op", "run"], NoFields),
        ["ksmMaxSharing"] = (["op", "items"], NoFields),
        ["reclaim"] = (OnPage, NoFields),
        ["migrate"] = (OnPage, NoFields),
        ["referenced"] = (OnPage, NoFields),
        ["swapOffOn"] = (["op"], NoFields),
        ["uffdMove"] = (["op", "p", "src", "dst", "len"], NoFields),
    };

    private static readonly string[] OpField = ["op"], ResultFields = [], ResultOptional = ["ok", "errno", "signal"],
        ReferencedFields = ["count", "vmFlags"];

    private static readonly string KnownOperations = "one of the operations " + string.Join(", ", OperationFields.Keys);

    private static Operation Operation(ref JsonCursor json)
    {
        var fields = new Fields(OpField);
        json.BeginObject("an operation: an object");
        if (json.NextField(ref fields) is null)
        {
            throw json.Unexpected("the field \"op\"");
        }

        (string op, (string[] required, string[] optional)) = json.Word(
            KnownOperations, word => (OperationFields.TryGetValue(word, out (string[], string[]) known), (word, known)));
        fields = new Fields(required, optional);
        fields.Take("op", out _);
        int process = 0;
        long page = 0, length = 0, newLength = 0, offset = 0, passes = 0;
        long? to = null, fill = null;
        byte value = 0;
        bool shared = false, readOnly = false, on = false, noReserve = false;
        string? name = null;
        var protection = Protection.None;
        var placement = Placement.Fixed;
        var flags = MremapFlags.None;
        var advice = Advice.DontNeed;
        var fileSystem = FileSystem.Tmpfs;
        while (json.NextField(ref fields) is { } field)
        {
            switch (field)
            {
                case "p":
                    process = Process(ref json);
                    break;
                case "page" or "src":
                    page = Page(ref json);
                    break;
                case "len" or "oldLen" or "pages":
                    length = json.Number("a number of pages", 0, MostPages);
                    break;
                case "newLen":
                    newLength = json.Number("a number of pages", 0, MostPages);
                    break;
                case "off":
                    offset = json.Number("an offset in pages", 0, MostPages);
                    break;
                case "to":
                    to = NumberOrNull(ref json, "a page number or null", 0, MostPages);
                    break;
                case "dst":
                    to = Page(ref json);
                    break;
                case "child":
                    to = Process(ref json);
                    break;
                case "value":
                    value = Byte(ref json);
                    break;
                case "fill":
                    fill = NumberOrNull(ref json, "a byte or null", 0, byte.MaxValue);
                    break;
                case "run" or "items":
                    passes = Count(ref json, "a setting of KSM");
                    break;
                case "passes":
                    passes = Count(ref json, "a number of passes");
                    break;
                case "shared":
                    shared = json.Bool("shared");
                    break;
                case "on":
                    on = json.Bool("on");
                    break;
                case "noReserve":
                    noReserve = json.Bool("noReserve");
                    break;
                case "readOnly":
                    readOnly = json.Bool("readOnly");
                    break;
                case "file" when op == "mmap" && json.IsNull:
                    json.Null();
                    break;
                case "file" or "seg":
                    name = json.Word("a name such as F0", word => (ScenarioReader.IsName(word), word));
                    break;
                case "prot":
                    protection = (Protection)(int)AccessFlags(ref json);
                    break;
                case "how":
                    placement = json.Word("\"fixed\" or \"noreplace\"", word => (word is "fixed" or "noreplace",
                        word == "fixed" ? Placement.Fixed : Placement.NoReplace));
                    break;
                case "flags":
                    json.BeginArray("mremap's flags: an array");
                    while (json.NextElement())
                    {
                        flags |= json.Word("one of maymove, fixed, dontunmap", MremapFlag);
                    }

                    break;
                case "advice":
                    advice = json.Word(KnownAdvice, word => (AdviceWords.TryGetValue(word, out Advice known), known));
                    break;
                case "fs":
                    fileSystem = json.Word("\"tmpfs\" or \"ext4\"", word => (word is "tmpfs" or "ext4",
                        word == "ext4" ? FileSystem.Ext4 : FileSystem.Tmpfs));
                    break;
            }
        }

        var who = new ProcessId(process);
        var at = new VirtualPage(page);
        var range = PageRange.Of(at, length);
        return op switch
        {
            "mmap" => new Operation.Mmap(who, range, protection, shared, name, offset, placement, noReserve),
            "munmap" => new Operation.Munmap(who, range),
            "mlock" => new Operation.Mlock(who, range),
            "mlockonfault" => new Operation.Mlock(who, range, OnFault: true),
            "munlock" => new Operation.Munlock(who, range),
            "msync" => new Operation.Msync(who, range),
            "mprotect" => new Operation.Mprotect(who, range, protection),
            "mremap" => new Operation.Mremap(who, range, newLength, to is { } target ? new VirtualPage(target) : null, flags),
            "madvise" => new Operation.Madvise(who, range, advice),
            "read" => new Operation.Read(who, at),
            "write" => new Operation.Write(who, at, value),
            "fork" => new Operation.Fork(who, new ProcessId((int)to!.Value)),
            "exit" => new Operation.Exit(who),
            "memoryMerge" => new Operation.MemoryMerge(who, on),
            "fileCreate" => new Operation.FileCreate(name!, length, (byte?)fill, fileSystem),
            "truncate" => new Operation.Truncate(name!, length),
            "punch" => new Operation.Punch(name!, page, length),
            "fileWrite" => new Operation.FileWrite(name!, page, value),
            "fsync" => new Operation.Fsync(name!),
            "shmget" => new Operation.Shmget(name!, length),
            "shmat" => new Operation.Shmat(who, name!, at, readOnly),
            "shmdt" => new Operation.Shmdt(who, at),
            "shmrm" => new Operation.Shmrm(name!),
            "ksmRun" => new Operation.KsmRun((int)passes),
            "ksmMaxSharing" => new Operation.KsmMaxSharing((int)passes),
            "ksmScan" => new Operation.KsmScan((int)passes),
            "reclaim" => new Operation.Reclaim(who, at),
            "migrate" => new Operation.Migrate(who, at),
            "referenced" => new Operation.Referenced(who, at),
            "swapOffOn" => new Operation.SwapOffOn(),
            _ => new Operation.UffdMove(who, at, new VirtualPage(to!.Value), length),
        };
    }

    private static readonly Dictionary<string, Advice> AdviceWords = new()
    {
        ["dontneed"] = Advice.DontNeed,
        ["free"] = Advice.Free,
        ["remove"] = Advice.Remove,
        ["dontfork"] = Advice.DontFork,
        ["dofork"] = Advice.DoFork,
        ["mergeable"] = Advice.Mergeable,
        ["unmergeable"] = Advice.Unmergeable,
        ["wipeonfork"] = Advice.WipeOnFork,
        ["keeponfork"] = Advice.KeepOnFork,
        ["cold"] = Advice.Cold,
        ["pageout"] = Advice.PageOut,
        ["populate_read"] = Advice.PopulateRead,
        ["populate_write"] = Advice.PopulateWrite,
    };

    private static readonly string KnownAdvice = "one of " + string.Join(", ", AdviceWords.Keys);

    private static (bool, MremapFlags) MremapFlag(string word) => word switch
    {
        "maymove" => (true, MremapFlags.MayMove),
        "fixed" => (true, MremapFlags.Fixed),
        "dontunmap" => (true, MremapFlags.DontUnmap),
        _ => (false, MremapFlags.None),
    };

    private static Outcome Result(ref JsonCursor json)
    {
        Outcome? result = null;
        var fields = new Fields(ResultFields, ResultOptional);
        json.BeginObject("a result: an object");
        while (json.NextField(ref fields) is { } field)
        {
            if (result is not null)
            {
                throw json.Unexpected("one of ok, errno, signal, not several");
            }

            result = field switch
            {
                "ok" when json.IsObject => References(ref json),
                "ok" => Outcome.Of(json.Number("a value", 0, long.MaxValue)),
                "errno" => Outcome.From(
                    json.Word("an errno", word => (Enum.TryParse(word, out Errno errno) && errno != Errno.None, errno))),
                _ => Outcome.From(json.Word("SIGSEGV or SIGBUS", word => (word is "SIGSEGV" or "SIGBUS",
                    word == "SIGBUS" ? Signal.SIGBUS : Signal.SIGSEGV))),
            };
        }

        return result ?? throw json.Unexpected("a result with ok, errno or signal before this");
    }

    private static Outcome.References References(ref JsonCursor json)
    {
        long count = 0;
        var flags = VmFlags.None;
        var fields = new Fields(ReferencedFields);
        json.BeginObject("count and vmFlags");
        while (json.NextField(ref fields) is { } field)
        {
            if (field == "count")
            {
                count = Count(ref json, "a number of references");
            }
            else
            {
                flags = json.Word("flags as letters of rwxslm, in this order", word =>
                {
                    VmFlags read = VmFlags.None;
                    foreach (char letter in word)
                    {
                        read |= letter switch
                        {
                            'r' => VmFlags.Read,
                            'w' => VmFlags.Write,
                            'x' => VmFlags.Exec,
                            's' => VmFlags.Shared,
                            'l' => VmFlags.Locked,
                            'm' => VmFlags.Mergeable,
                            _ => VmFlags.None,
                        };
                    }

                    return ((word.Length == 0 ? "-" : word) == read.Letters(), read);
                });
            }
        }

        return new Outcome.References((int)count, flags);
    }
}
