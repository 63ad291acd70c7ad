using static System.FormattableString;

namespace Rmap.Model.Text;

/// <summary>
/// How people see the fields of a thing in a state text. What is not named here is a column of the field's name and its
/// value, left out where that is 0, false or null.
/// </summary>
internal static class StateColumns
{
    /// <summary>Whether a field is told by other columns or lines, or not at all.</summary>
    private static bool IsHidden(string field) => field is "vm_mm" or "vm_start" or "vm_end" or "vm_flags" or "vm_policy" or "chain"
        or "mm" or "mm_users" or "exited" or "files" or "table" or "registered with ksmd" or "ksm_merging_pages" or "ksm_rmap_items"
        or "ksm_zero_pages" or "ksm_zero_pages astray" or "flags" or "activity" or "mlock_count" or "freed"
        or "references" or "disk" or "max_page_sharing" or "depth" or "red" or "kpfn" or "letter";

    /// <summary>The width of the column of a number that is told even if it is 0; -1 for others.</summary>
    private static int Width(string field) => field switch
    {
        "mapcount" or "_refcount" => 11,
        "value" => 9,
        "count" => 8,
        "children" or "active" or "refcount" or "pages" or "attached" or "items" or "shared" or "sharing" or "unshared" or "volatile" => 0,
        _ => -1,
    };

    /// <summary>What stands in the column of a reference, which is told by name alone, if there is none; null for others.</summary>
    private static string? Nothing(string field) => field switch
    {
        "mapping" => "-",
        "anon_vma" => "-   ",
        "vm_file" => "anon",
        "page" => "zero ",
        _ => null,
    };

    /// <summary>Adds the column of a number. An offset stands behind what it is an offset into.</summary>
    internal static void Add(List<string> line, string field, long number)
    {
        switch (field)
        {
            case "index" or "vm_pgoff":
                string into = line[^1].TrimEnd();
                line[^1] = (into == "-" ? into : Invariant($"{into}@{number}")).PadRight(field == "index" ? 12 : 10);
                break;
            case "file system":
                line.Add(Word((FileKind)number).PadRight(16));
                break;
            case "gup":
                line.Add((GupKind)number switch { GupKind.PinWrite => "write", GupKind.Get => "get", _ => "" });
                break;
            case var _ when Width(field) >= 0 || (number != 0 && !IsHidden(field)):
                line.Add(Invariant($"{field.TrimStart('_')} {number}").PadRight(Math.Max(0, Width(field))));
                break;
        }
    }

    /// <summary>Adds the column of a reference.</summary>
    /// <param name="line">The line.</param>
    /// <param name="field">What refers.</param>
    /// <param name="name">What the other thing is called; null if there is none.</param>
    internal static void Add(List<string> line, string field, string? name)
    {
        if (Nothing(field) is { } nothing)
            line.Add((name ?? nothing).PadRight(nothing.Length));
        else if (name is not null && !IsHidden(field))
            line.Add($"{field} {name}");
    }

    /// <summary>Adds the column of what is so.</summary>
    internal static void Add(List<string> line, string field) => line.Add(IsHidden(field) ? "" : field);

    internal static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <summary>The names of the flags that are set; their zero and their unions have names too, but are none.</summary>
    internal static string Words<T>(T flags) where T : struct, Enum => string.Join(
        ' ',
        Enum.GetValues<T>()
            .Where(flag => flags.HasFlag(flag) && int.IsPow2(Convert.ToInt32(flag, CultureInfo.InvariantCulture)))
            .Select(Word));
}
