using System.Globalization;
using System.Text;

namespace Rmap.Regressions.Merges;

/// <summary>
/// An address space drawn as a strip, one cell a page: bars where a VMA begins or ends, in each cell what is mapped there, behind it
/// what the VMAs are. AVs are letters, in order of first use.
/// <code>
/// P0 |A .|. z|    rw A, r -
/// </code>
/// is a VMA of two pages whose AV is A and whose first page is anonymous, of AV A; and a read-only one with the zero page, that has
/// no AV. A chain of more than one AV is told as <c>B[BA]</c>, head first.
/// </summary>
internal sealed class AddressSpaceStrip(StateNames names)
{
    internal const string Legend =
        ". nothing   z zero page   A anonymous page of AV A   k KSM page   f page of a file   s swap entry   | end of a VMA";

    /// <summary>One line for a process.</summary>
    /// <param name="process">The process.</param>
    /// <param name="pages">How many pages are drawn, from page 0 on.</param>
    internal string Draw(Process process, int pages)
    {
        string vmas = string.Join(", ", process.Mm.Vmas.Select(Describe));
        var strip = new StringBuilder();
        for (int page = 0; page <= pages; page++)
        {
            strip.Append(process.Mm.Vmas.Any(vma => vma.Start.Number == page || vma.End.Number == page) ? '|' : ' ');
            strip.Append(page < pages && process.Mm.Lookup(new VirtualPage(page)) is not null
                ? Cell(process.Mm.PageTable[new VirtualPage(page)])
                : ' ');
        }

        return $"{process.Id} {strip}  {vmas}".TrimEnd();
    }

    /// <summary>The numbers of every second page, to stand above the strips.</summary>
    internal static string Ruler(int pages) => "   " + string.Concat(
        Enumerable.Range(0, pages).Where(int.IsEvenInteger)
            .Select(page => string.Create(CultureInfo.InvariantCulture, $"{page,2}  "))).TrimEnd();

    private string Describe(VmArea vma)
    {
        string chain = string.Concat(vma.Chain.Select(link => Letter(link.AnonVma)));
        char anonVma = vma.AnonVma is null ? '-' : Letter(vma.AnonVma);
        return $"{vma.Flags.Letters()}{Rest(vma)} {anonVma}{(chain.Length > 1 ? $"[{chain}]" : "")}";
    }

    /// <summary>What decides about merging and has no letter.</summary>
    private static string Rest(VmArea vma) =>
        (vma.Has(VmFlags.DontCopy) ? " dontcopy" : "") + (vma.Has(VmFlags.WipeOnFork) ? " wipeonfork" : "")
        + (vma.IsAnonymous && !vma.Has(VmFlags.Account) ? " unaccounted" : "");

    private char Cell(Pte pte) => pte.Kind switch
    {
        PteKind.None => '.',
        PteKind.ZeroPage => 'z',
        PteKind.Swap => 's',
        PteKind.Poisoned => 'p',
        _ => pte.Page.Mapping switch
        {
            AnonVma anonVma => Letter(anonVma),
            StableNode => 'k',
            _ => 'f',
        },
    };

    private char Letter(AnonVma anonVma) =>
        (char)('A' + int.Parse(names.Of(anonVma).AsSpan(1), CultureInfo.InvariantCulture) - 1);
}
