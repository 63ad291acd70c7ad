namespace Rmap.Model;

/// <summary>The rules of Linux 6.1.192, where they differ from 6.12's.</summary>
public class Linux61 : Linux612
{
    /// <inheritdoc/>
    public override string Name => "linux-6.1";

    /// <summary>
    /// In 6.1 a page may join an existing KSM page at ksmd's first visit; only then, not before, its checksum is looked at.
    /// </summary>
    public override bool KsmChecksumBeforeStableTree => false;

    /// <summary>Until 6.2 a write fault gave up KSM pages: the copy is writable and dirty.</summary>
    public override bool KsmBreaksByWrite => true;

    /// <summary>Before 6.6 nothing told a zero page that KSM had placed, so that none was counted or given back.</summary>
    public override PteBits KsmZeroPageBits => PteBits.Young;

    /// <summary>PR_SET_MEMORY_MERGE came with 6.4.</summary>
    public override bool HasMemoryMerge => false;

    /// <summary>Until 6.12 a page full of zeroes was written and read like others.</summary>
    public override bool SwapReadsZeroPages => true;

    /// <summary>UFFDIO_MOVE came with 6.8.</summary>
    public override bool HasUffdMove => false;
}
