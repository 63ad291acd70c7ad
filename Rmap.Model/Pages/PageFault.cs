namespace Rmap.Model;

/// <summary>What a fault is for.</summary>
internal enum FaultKind
{
    /// <summary>A load.</summary>
    Read,

    /// <summary>A store.</summary>
    Write,

    /// <summary>FAULT_FLAG_UNSHARE: make the page exclusive without writing.</summary>
    Unshare,
}

internal static class PageFault
{
    /// <summary><c>handle_mm_fault</c> after <c>vma_lookup</c> and the access check.</summary>
    internal static Signal Handle(Mm mm, VirtualPage address, FaultKind kind) => throw new NotImplementedException();
}
