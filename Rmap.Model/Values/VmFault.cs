namespace Rmap.Model.Values;

/// <summary>What a fault is for.</summary>
internal enum FaultKind
{
    /// <summary>A load.</summary>
    Read,

    /// <summary>A store (FAULT_FLAG_WRITE).</summary>
    Write,

    /// <summary>FAULT_FLAG_UNSHARE: the page is to become exclusive, without being written.</summary>
    Unshare,
}

/// <summary>How a fault ended (<c>vm_fault_t</c>).</summary>
internal enum VmFault
{
    /// <summary>It was resolved, or has only to be repeated.</summary>
    None,

    /// <summary>VM_FAULT_RETRY: the page had to be read, or the file to be read on. Once more, and it is there.</summary>
    Retry,

    /// <summary>VM_FAULT_SIGBUS: there is nothing behind the mapping, or it could not be read.</summary>
    SigBus,

    /// <summary>VM_FAULT_HWPOISON: what was there is lost.</summary>
    HwPoison,

    /// <summary>VM_FAULT_OOM: an allocation failed.</summary>
    Oom,
}
