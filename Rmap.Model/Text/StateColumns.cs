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
        or "ksm_zero_pages" or "ksm_zero_pages astray" or "locked_vm astray" or "flags" or "activity" or "mlock_count" or "freed"
        or "references" or "disk" or "max_page_sharing" or "depth" or "red" or "kpfn" or "letter";

    /// <summary>The column of a number. A counter is told even if it is 0.</summary>
    internal static string Column(string field, long number)
    {
        string told = Invariant($"{field.TrimStart('_')} {number}");
        return field switch
        {
            "file system" => Word((FileKind)number).PadRight(16),
            "mdwe" or "def_flags" when number == 0 => "",
            "mdwe" => (Mdwe)number == Mdwe.NoInherit ? "mdwe noinherit" : "mdwe",
            "def_flags" => $"future: {Words((VmFlags)number)}",
            "rlimit-memlock" => number == long.MaxValue ? "" : told,
            "gup" => (GupKind)number switch { GupKind.PinWrite => "write", GupKind.Get => "get", GupKind.LongTerm => "longterm", _ => "" },
            "mapcount" or "_refcount" => told.PadRight(11),
            "value" => told.PadRight(9),
            "count" => told.PadRight(8),
            "children" or "active" or "refcount" or "pages" or "attached" or "items" => told,
            "shared" or "sharing" or "unshared" or "volatile" => told,
            _ => number == 0 || IsHidden(field) ? "" : told,
        };
    }

    /// <summary>The column of a reference to what is called so; null if to nothing.</summary>
    internal static string Column(string field, string? name) => field switch
    {
        "mapping" => name ?? "-",
        "anon_vma" => (name ?? "-").PadRight(4),
        "vm_file" => name ?? "anon",
        "page" => (name ?? "zero").PadRight(5),
        _ => name is null || IsHidden(field) ? "" : $"{field} {name}",
    };

    /// <summary>The column of what is so.</summary>
    internal static string Column(string field) => IsHidden(field) ? "" : field;

    internal static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <summary>The names of the flags that are set; their zero and their unions have names too, but are none.</summary>
    internal static string Words<T>(T flags) where T : struct, Enum => string.Join(
        ' ',
        Enum.GetValues<T>()
            .Where(flag => flags.HasFlag(flag) && int.IsPow2(Convert.ToInt32(flag, CultureInfo.InvariantCulture)))
            .Select(Word));
}
