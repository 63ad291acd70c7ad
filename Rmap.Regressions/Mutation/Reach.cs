using System.Globalization;

namespace Rmap.Regressions.Mutation;

/// <summary>What a quick test reaches.</summary>
/// <param name="Name">The test.</param>
/// <param name="Time">What it takes of the processor without a mutant.</param>
/// <param name="Mutants">The numbers of the mutants that it comes by.</param>
internal sealed record Reach(string Name, TimeSpan Time, IReadOnlySet<int> Mutants)
{
    /// <param name="file">The file to write.</param>
    /// <param name="once">The mutants that are reached once in a process only, as what is static is made.</param>
    /// <param name="reaches">The tests.</param>
    internal static void Write(string file, IEnumerable<int> once, IEnumerable<Reach> reaches) => File.WriteAllLines(
        file, reaches.Select(reach => $"{reach.Name}\t{reach.Time.TotalMilliseconds:0.0}\t{Told(reach.Mutants)}").Prepend(Told(once)));

    internal static (IReadOnlySet<int> Once, IReadOnlyList<Reach> Reaches) Read(string file)
    {
        string[] lines = File.ReadAllLines(file);
        return (Numbers(lines[0]), [.. lines.Skip(1).Select(line => line.Split('\t')).Select(parts => new Reach(
            parts[0], TimeSpan.FromMilliseconds(double.Parse(parts[1], CultureInfo.InvariantCulture)), Numbers(parts[2])))]);
    }

    private static string Told(IEnumerable<int> numbers) => string.Join(' ', numbers.Order());

    private static HashSet<int> Numbers(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
}
