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

    /// <summary>VM_READ, VM_WRITE and VM_EXEC (<c>VM_ACCESS_FLAGS</c>).</summary>
    Access = Read | Write | Exec,

    /// <summary>VM_LOCKED and VM_LOCKONFAULT (<c>VM_LOCKED_MASK</c>).</summary>
    LockedMask = Locked | LockOnFault,
}

/// <summary>Reading of flags.</summary>
public static class VmFlagsExtensions
{
    /// <summary>
    /// The flags as letters: r, w, x, s (shared), l (locked), m (mergeable); a dash if none of them is set.
    /// </summary>
    public static string Letters(this VmFlags flags)
    {
        Span<char> letters = stackalloc char[6];
        int count = 0;
        Add(letters, VmFlags.Read, 'r');
        Add(letters, VmFlags.Write, 'w');
        Add(letters, VmFlags.Exec, 'x');
        Add(letters, VmFlags.Shared, 's');
        Add(letters, VmFlags.Locked, 'l');
        Add(letters, VmFlags.Mergeable, 'm');
        return count == 0 ? "-" : new string(letters[..count]);

        void Add(Span<char> to, VmFlags flag, char letter)
        {
            if ((flags & flag) != 0)
            {
                to[count++] = letter;
            }
        }
    }

    /// <summary><c>ksm_compatible</c>: shared mappings are none of ksmd's.</summary>
    internal static bool IsKsmCompatible(this VmFlags flags) => (flags & (VmFlags.Shared | VmFlags.MayShare)) == 0;

    /// <summary>The VM_READ, VM_WRITE and VM_EXEC that a protection asks for.</summary>
    internal static VmFlags ToFlags(this Protection protection) => (VmFlags)(int)protection;
}
