namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>mbind_range</c>: with which VMA mbind goes on once part of one has got another policy: the one that covers the part now.
    /// </summary>
    /// <param name="found">The VMA that was found there before; a merge may have freed it.</param>
    /// <param name="modified">What splitting or merging made of it.</param>
    public virtual VmArea MbindGoesOnWith(VmArea found, VmArea modified) => modified;
}
