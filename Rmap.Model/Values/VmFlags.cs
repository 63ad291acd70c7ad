namespace Rmap.Model.Values;

/// <summary>The <c>vm_flags</c> that matter to the reverse mapping.</summary>
[Flags]
public enum VmFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>VM_READ.</summary>
    Read = 1 << 0,

    /// <summary>VM_WRITE.</summary>
    Write = 1 << 1,

    /// <summary>VM_EXEC.</summary>
    Exec = 1 << 2,

    /// <summary>VM_SHARED: stores reach the object behind.</summary>
    Shared = 1 << 3,

    /// <summary>VM_MAYREAD: mprotect may set VM_READ.</summary>
    MayRead = 1 << 4,

    /// <summary>VM_MAYWRITE.</summary>
    MayWrite = 1 << 5,

    /// <summary>VM_MAYEXEC.</summary>
    MayExec = 1 << 6,

    /// <summary>VM_MAYSHARE: MAP_SHARED was asked for.</summary>
    MayShare = 1 << 7,

    /// <summary>VM_LOCKED.</summary>
    Locked = 1 << 8,

    /// <summary>VM_LOCKONFAULT.</summary>
    LockOnFault = 1 << 9,

    /// <summary>VM_DONTCOPY: a fork child does not get it.</summary>
    DontCopy = 1 << 10,

    /// <summary>VM_WIPEONFORK: a fork child gets it empty.</summary>
    WipeOnFork = 1 << 11,

    /// <summary>VM_ACCOUNT.</summary>
    Account = 1 << 12,

    /// <summary>VM_NORESERVE.</summary>
    NoReserve = 1 << 13,

    /// <summary>VM_MERGEABLE: ksmd may merge its pages.</summary>
    Mergeable = 1 << 14,

    /// <summary>VM_UFFD_MISSING: registered with userfaultfd.</summary>
    UffdMissing = 1 << 15,

    /// <summary>VM_DONTDUMP: not in a core dump.</summary>
    DontDump = 1 << 16,

    /// <summary>VM_HUGEPAGE: huge pages are wanted.</summary>
    HugePage = 1 << 17,

    /// <summary>VM_NOHUGEPAGE.</summary>
    NoHugePage = 1 << 18,

    /// <summary>VM_RAND_READ: what lies beside a page that is read will not be.</summary>
    RandRead = 1 << 19,

    /// <summary>VM_SEQ_READ: what was read will not be again.</summary>
    SeqRead = 1 << 20,

    /// <summary>VM_SEALED: it stays as it is (<c>mseal</c>).</summary>
    Sealed = 1 << 21,

    /// <summary>VM_PKEY_BIT0: with the three that follow, the number of the protection key.</summary>
    Pkey0 = 1 << 22,

    /// <summary>VM_PKEY_BIT1.</summary>
    Pkey1 = 1 << 23,

    /// <summary>VM_PKEY_BIT2.</summary>
    Pkey2 = 1 << 24,

    /// <summary>VM_PKEY_BIT3.</summary>
    Pkey3 = 1 << 25,

    /// <summary>VM_READ, VM_WRITE and VM_EXEC (<c>VM_ACCESS_FLAGS</c>).</summary>
    Access = Read | Write | Exec,

    /// <summary>VM_LOCKED and VM_LOCKONFAULT (<c>VM_LOCKED_MASK</c>).</summary>
    LockedMask = Locked | LockOnFault,

    /// <summary>All bits of the protection key (<c>ARCH_VM_PKEY_FLAGS</c>).</summary>
    Pkey = Pkey0 | Pkey1 | Pkey2 | Pkey3,
}

/// <summary>Reading of flags.</summary>
public static class VmFlagsExtensions
{
    private static readonly (VmFlags Flag, char Letter)[] Lettered =
    [
        (VmFlags.Read, 'r'), (VmFlags.Write, 'w'), (VmFlags.Exec, 'x'),
        (VmFlags.Shared, 's'), (VmFlags.Locked, 'l'), (VmFlags.Mergeable, 'm'),
    ];

    /// <summary>
    /// The flags as letters: r, w, x, s (shared), l (locked), m (mergeable); a dash if none of them is set.
    /// </summary>
    public static string Letters(this VmFlags flags)
    {
        string letters = string.Concat(Lettered.Where(each => (flags & each.Flag) != 0).Select(each => each.Letter));
        return letters.Length == 0 ? "-" : letters;
    }

    /// <summary><c>ksm_compatible</c>: shared mappings are none of ksmd's.</summary>
    internal static bool IsKsmCompatible(this VmFlags flags) => (flags & (VmFlags.Shared | VmFlags.MayShare)) == 0;

    /// <summary>The flags that have one of these letters.</summary>
    internal static VmFlags OfLetters(string letters) =>
        Lettered.Where(each => letters.Contains(each.Letter)).Aggregate(VmFlags.None, (flags, each) => flags | each.Flag);

    /// <summary>The bits of a protection key, from 0 to 15.</summary>
    internal static VmFlags OfPkey(int key) => (VmFlags)(key * (int)VmFlags.Pkey0);

    /// <summary>The VM_READ, VM_WRITE and VM_EXEC that a protection asks for.</summary>
    internal static VmFlags ToFlags(this Protection protection) => (VmFlags)(int)protection;
}
