namespace Rmap.Model.Operations;

/// <summary>
/// One step of a scenario. Operands are named explicitly, and every operation is total: whatever it names,
/// <see cref="Execution.Execute"/> answers with an <see cref="Outcome"/>. So every subsequence of a scenario is a scenario.
/// </summary>
public abstract record Operation
{
    private Operation()
    {
    }

    /// <summary>An operation that one process performs.</summary>
    public abstract record ByProcess(ProcessId Process) : Operation;

    /// <summary>An operation of one process on a range of its pages.</summary>
    public abstract record OnRange(ProcessId Process, PageRange Range) : ByProcess(Process);

    /// <summary>An operation of one process on one of its pages.</summary>
    public abstract record OnPage(ProcessId Process, VirtualPage Page) : ByProcess(Process);

    /// <summary><c>mmap</c>.</summary>
    /// <param name="Process">Who.</param>
    /// <param name="Range">Where and how long; the start is a hint if <paramref name="Placement"/> is <see cref="Placement.Hint"/>.</param>
    /// <param name="Protection">PROT_READ, PROT_WRITE, PROT_EXEC.</param>
    /// <param name="Shared">MAP_SHARED, else MAP_PRIVATE.</param>
    /// <param name="File">The file's name, or null for MAP_ANONYMOUS.</param>
    /// <param name="FileOffset">Offset in the file, in pages.</param>
    /// <param name="Placement">MAP_FIXED, MAP_FIXED_NOREPLACE or neither.</param>
    /// <param name="NoReserve">MAP_NORESERVE.</param>
    /// <param name="Locked">MAP_LOCKED.</param>
    public sealed record Mmap(
        ProcessId Process, PageRange Range, Protection Protection, bool Shared, string? File = null, long FileOffset = 0,
        Placement Placement = Placement.Fixed, bool NoReserve = false, bool Locked = false) : OnRange(Process, Range);

    /// <summary><c>munmap</c>.</summary>
    public sealed record Munmap(ProcessId Process, PageRange Range) : OnRange(Process, Range);

    /// <summary><c>mprotect</c>.</summary>
    public sealed record Mprotect(ProcessId Process, PageRange Range, Protection Protection) : OnRange(Process, Range);

    /// <summary>
    /// <c>pkey_mprotect</c>; -1 keeps what keys there are. 0 to 14 are allocated, with all rights for all; EINVAL for others.
    /// </summary>
    public sealed record PkeyMprotect(ProcessId Process, PageRange Range, Protection Protection, int Key) : OnRange(Process, Range);

    /// <summary><c>mseal</c>: the VMAs stay as they are.</summary>
    public sealed record Mseal(ProcessId Process, PageRange Range) : OnRange(Process, Range);

    /// <summary><c>mremap</c>.</summary>
    /// <param name="Process">Who.</param>
    /// <param name="Range">The old range.</param>
    /// <param name="NewLength">New length in pages.</param>
    /// <param name="Target">Where to with MREMAP_FIXED; a hint with MREMAP_DONTUNMAP alone; else ignored.</param>
    /// <param name="Flags">MREMAP_MAYMOVE, MREMAP_FIXED, MREMAP_DONTUNMAP.</param>
    public sealed record Mremap(ProcessId Process, PageRange Range, long NewLength, VirtualPage? Target, MremapFlags Flags)
        : OnRange(Process, Range);

    /// <summary><c>madvise</c>.</summary>
    public sealed record Madvise(ProcessId Process, PageRange Range, Advice Advice) : OnRange(Process, Range);

    /// <summary><c>mbind</c>, without MPOL_MF_MOVE.</summary>
    public sealed record Mbind(ProcessId Process, PageRange Range, MemoryPolicy Policy) : OnRange(Process, Range);

    /// <summary><c>mlock</c>, or <c>mlock2</c> with MLOCK_ONFAULT.</summary>
    public sealed record Mlock(ProcessId Process, PageRange Range, bool OnFault = false) : OnRange(Process, Range);

    /// <summary><c>munlock</c>.</summary>
    public sealed record Munlock(ProcessId Process, PageRange Range) : OnRange(Process, Range);

    /// <summary><c>mlockall</c>.</summary>
    /// <param name="Process">Who.</param>
    /// <param name="Current">MCL_CURRENT: what is mapped.</param>
    /// <param name="Future">MCL_FUTURE: what will be.</param>
    /// <param name="OnFault">MCL_ONFAULT.</param>
    public sealed record Mlockall(ProcessId Process, bool Current, bool Future, bool OnFault) : ByProcess(Process);

    /// <summary><c>munlockall</c>.</summary>
    public sealed record Munlockall(ProcessId Process) : ByProcess(Process);

    /// <summary>
    /// <c>setrlimit(RLIMIT_MEMLOCK)</c>: how many pages it may lock. Without, and until then, as many as it likes (CAP_IPC_LOCK). EINVAL
    /// for a negative number.
    /// </summary>
    public sealed record RlimitMemlock(ProcessId Process, long Pages) : ByProcess(Process);

    /// <summary><c>prctl(PR_SET_MDWE)</c> with PR_MDWE_REFUSE_EXEC_GAIN: there is no way back.</summary>
    public sealed record SetMdwe(ProcessId Process, bool NoInherit) : ByProcess(Process);

    /// <summary><c>mincore</c>. The value is how many pages of the range are resident.</summary>
    public sealed record Mincore(ProcessId Process, PageRange Range) : OnRange(Process, Range);

    /// <summary><c>msync</c> with MS_SYNC.</summary>
    public sealed record Msync(ProcessId Process, PageRange Range) : OnRange(Process, Range);

    /// <summary>A load from the page. The value is the byte read.</summary>
    public sealed record Read(ProcessId Process, VirtualPage Page) : OnPage(Process, Page);

    /// <summary>A store to the page: fills it with the byte.</summary>
    public sealed record Write(ProcessId Process, VirtualPage Page, byte Value) : OnPage(Process, Page);

    /// <summary><c>fork</c>. The scenario names the child.</summary>
    public sealed record Fork(ProcessId Process, ProcessId Child) : ByProcess(Process);

    /// <summary><c>clone(CLONE_VM)</c>, a thread or a <c>vfork</c> child: the child shares the mm.</summary>
    public sealed record CloneVm(ProcessId Process, ProcessId Child) : ByProcess(Process);

    /// <summary><c>execve</c>: the process gets a new, empty mm. What the new program maps is not modelled.</summary>
    public sealed record Exec(ProcessId Process) : ByProcess(Process);

    /// <summary><c>prctl(PR_SET_MEMORY_MERGE)</c>: process-wide KSM, for what is mapped and for what will be.</summary>
    public sealed record MemoryMerge(ProcessId Process, bool On) : ByProcess(Process);

    /// <summary><c>exit</c>.</summary>
    public sealed record Exit(ProcessId Process) : ByProcess(Process);

    /// <summary>
    /// A write to <c>/proc/self/fail-nth</c>: the n-th allocation that the process makes from now on fails, once; see
    /// <see cref="FaultInjection"/> for what counts. 1 is the next, 0 none; EINVAL for a negative number.
    /// </summary>
    public sealed record FailNth(ProcessId Process, int Nth) : ByProcess(Process);

    /// <summary>A new file; replaces nothing: the name must be new.</summary>
    /// <param name="File">Its name.</param>
    /// <param name="Pages">Its length in pages.</param>
    /// <param name="Fill">The byte that write(2) filled it with, or null for a sparse file.</param>
    /// <param name="FileSystem">tmpfs or ext4.</param>
    public sealed record FileCreate(string File, long Pages, byte? Fill, FileSystem FileSystem) : Operation;

    /// <summary><c>ftruncate</c> to a length in pages.</summary>
    public sealed record Truncate(string File, long Pages) : Operation;

    /// <summary><c>fallocate(PUNCH_HOLE)</c> of whole pages.</summary>
    public sealed record Punch(string File, long Page, long Length) : Operation;

    /// <summary><c>pwrite</c> of one whole page.</summary>
    public sealed record FileWrite(string File, long Page, byte Value) : Operation;

    /// <summary><c>fsync</c>.</summary>
    public sealed record Fsync(string File) : Operation;

    /// <summary><c>shmget(IPC_CREAT)</c>: a SysV shared memory segment.</summary>
    public sealed record Shmget(string Segment, long Pages) : Operation;

    /// <summary><c>shmat</c> at a fixed page.</summary>
    public sealed record Shmat(ProcessId Process, string Segment, VirtualPage Page, bool ReadOnly = false) : OnPage(Process, Page);

    /// <summary><c>shmdt</c>.</summary>
    public sealed record Shmdt(ProcessId Process, VirtualPage Page) : OnPage(Process, Page);

    /// <summary><c>shmctl(IPC_RMID)</c>.</summary>
    public sealed record Shmrm(string Segment) : Operation;

    /// <summary>Whole passes of ksmd, run at once.</summary>
    /// <param name="Passes">How many; 0: at least 3, until two in a row change no counter, at most 30.</param>
    public sealed record KsmScan(int Passes) : Operation;

    /// <summary>
    /// <c>/sys/kernel/mm/ksm/run</c>: 2 takes all KSM pages apart, and ksmd makes no pass until it is 0 or 1 again. Between these two there
    /// is no difference here: ksmd runs when it is told to. EINVAL for other numbers.
    /// </summary>
    public sealed record KsmRun(int Run) : Operation;

    /// <summary>
    /// <c>/sys/kernel/mm/ksm/max_page_sharing</c>, how many items a stable node takes: changes only as long as no page is shared, else
    /// EBUSY; EINVAL below 2.
    /// </summary>
    public sealed record KsmMaxSharing(int Items) : Operation;

    /// <summary><c>shrink_folio_list</c> on the page mapped there, ignoring references: out of every process that has it.</summary>
    public sealed record Reclaim(ProcessId Process, VirtualPage Page) : OnPage(Process, Page);

    /// <summary><c>migrate_pages(MIGRATE_SYNC)</c> of the page mapped there to another frame.</summary>
    public sealed record Migrate(ProcessId Process, VirtualPage Page) : OnPage(Process, Page);

    /// <summary><c>folio_referenced</c> of the page mapped there.</summary>
    public sealed record Referenced(ProcessId Process, VirtualPage Page) : OnPage(Process, Page);

    /// <summary>
    /// <c>pin_user_pages_remote</c> or <c>get_user_pages_remote</c> of one page. It stays until <see cref="Unpin"/>, whatever becomes of
    /// the process. EEXIST if there is a pin of that name.
    /// </summary>
    public sealed record Pin(ProcessId Process, VirtualPage Page, PinId Id, GupKind Kind = GupKind.Pin) : OnPage(Process, Page);

    /// <summary><c>unpin_user_page</c>, or <c>put_page</c>; EBADF if there is no such pin.</summary>
    public sealed record Unpin(PinId Id) : Operation;

    /// <summary>Reads the page that was handed out, as a device does: no page table is asked. EBADF if there is no such pin.</summary>
    public sealed record PinRead(PinId Id) : Operation;

    /// <summary>
    /// Fills the page that was handed out, as a device does, and marks it dirty (<c>set_page_dirty_lock</c>). EBADF if there is no such
    /// pin, EPERM without FOLL_WRITE.
    /// </summary>
    public sealed record PinWrite(PinId Id, byte Value) : Operation;

    /// <summary><c>swapoff</c> followed by <c>swapon</c>.</summary>
    public sealed record SwapOffOn : Operation;

    /// <summary>The next read of an anonymous page from the swap device fails, once; see <see cref="FaultInjection"/>.</summary>
    public sealed record SwapFailRead : Operation;

    /// <summary>Register the destination with userfaultfd, <c>UFFDIO_MOVE</c> of so many pages, unregister.</summary>
    public sealed record UffdMove(ProcessId Process, VirtualPage Source, VirtualPage Destination, long Pages) : ByProcess(Process);
}
