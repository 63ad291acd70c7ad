namespace Rmap.Model.Text;

/// <summary>Sections of a <see cref="StateText"/>.</summary>
[Flags]
public enum StateSections
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>Processes with their VMAs and page-table entries.</summary>
    Processes = 1,

    /// <summary>Pages, and where the walk finds them.</summary>
    Pages = 2,

    /// <summary>AVs with their interval trees.</summary>
    AnonVmas = 4,

    /// <summary>Files, segments and shared anonymous memory.</summary>
    Files = 8,

    /// <summary>Swap slots.</summary>
    Swap = 16,

    /// <summary>What the swap device will fail at.</summary>
    Faults = 32,

    /// <summary>KSM.</summary>
    Ksm = 64,

    /// <summary>What <c>get_user_pages</c> has handed out.</summary>
    Pins = 128,
}

/// <summary>The sections as words.</summary>
internal static class StateSectionWords
{
    /// <summary>In the order of the text.</summary>
    internal static readonly (string Word, StateSections Section)[] All =
    [
        ("processes", StateSections.Processes), ("pages", StateSections.Pages), ("anon-vmas", StateSections.AnonVmas),
        ("files", StateSections.Files), ("swap", StateSections.Swap), ("faults", StateSections.Faults), ("ksm", StateSections.Ksm),
        ("pins", StateSections.Pins),
    ];

    /// <summary>The words for these sections.</summary>
    internal static string Of(StateSections sections) =>
        string.Join(' ', All.Where(each => sections.HasFlag(each.Section)).Select(each => each.Word));

    /// <summary>The section with this heading, which is its word in capitals.</summary>
    internal static StateSections OfHeading(string heading) =>
        Array.Find(All, section => section.Word.Replace('-', '_').Equals(heading, StringComparison.OrdinalIgnoreCase)).Section;
}
