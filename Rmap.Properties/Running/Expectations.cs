using System.Globalization;

namespace Rmap.Properties.Running;

/// <summary>Whether a machine is seen as a scenario expects it between its operations.</summary>
public static class Expectations
{
    /// <summary>What is otherwise than expected, a line each: the place, what was expected, the difference.</summary>
    /// <param name="file">The scenario.</param>
    /// <param name="after">So many of its operations have been carried out.</param>
    /// <param name="machine">The machine; it is only looked at.</param>
    public static IEnumerable<string> Unmet(ScenarioFile file, int after, Machine machine) =>
        from expected in file.Scenario.Expectations.Index()
        where expected.Item.After == after
        let difference = Difference(expected.Item, machine)
        where difference is not null
        select string.Create(
            CultureInfo.InvariantCulture, $"{file.Name}:{file.ExpectationLines[expected.Index]}: {expected.Item}: {difference}");

    /// <summary>How a machine differs from what is expected of it, or null.</summary>
    public static string? Difference(Expectation expected, Machine machine) => expected switch
    {
        Expectation.Vmas vmas => Difference(vmas, machine),
        Expectation.Pages pages => Difference(pages, machine),
        _ => throw new ArgumentOutOfRangeException(nameof(expected), expected, "a kind that is unknown"),
    };

    private static string? Difference(Expectation.Vmas expected, Machine machine)
    {
        if (machine.Find(expected.Process) is not { } process)
            return $"there is no {expected.Process}";

        (PageRange Range, Protection Prot)[] there = [.. process.Mm.Vmas.Select(vma => (vma.Range, ProtectionOf(vma)))];
        if (there.SequenceEqual(expected.All))
            return null;

        return $"missing{Told([.. expected.All.Except(there)])}, there instead{Told([.. there.Except(expected.All)])}";
    }

    private static string? Difference(Expectation.Pages expected, Machine machine)
    {
        object?[] pages = [.. expected.All.Select(place => PageAt(place.Process, place.Page, machine))];
        bool holds = !pages.Contains(null) && pages.Distinct().Count() == (expected.AreSame ? 1 : pages.Length);
        return holds ? null : string.Join(", ", expected.All.Zip(pages, (place, page) => $"{place.Process}:{place.Page} is {Told(page)}"));
    }

    /// <summary>The page that a process sees at a place; the zero page is a page as well.</summary>
    private static object? PageAt(ProcessId id, VirtualPage at, Machine machine) =>
        machine.Find(id)?.Mm.PageTable[at] is { Kind: PteKind.Present or PteKind.ZeroPage } pte ? pte.Target ?? PteKind.ZeroPage : null;

    private static Protection ProtectionOf(VmArea vma) =>
        (vma.Has(VmFlags.Read) ? Protection.Read : Protection.None)
        | (vma.Has(VmFlags.Write) ? Protection.Write : Protection.None)
        | (vma.Has(VmFlags.Exec) ? Protection.Exec : Protection.None);

    private static string Told(object? page) => page switch
    {
        Page { Pfn: var pfn } => $"frame {pfn}",
        null => "not mapped to a page",
        _ => "the zero page",
    };

    private static string Told((PageRange Range, Protection Prot)[] vmas) =>
        vmas.Length == 0 ? " nothing" : string.Join(',', vmas.Select(vma => Expectation.Text(vma.Range, vma.Prot)));
}
