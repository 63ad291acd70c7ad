using System.Globalization;
using Rmap.Properties.Running;

namespace Rmap.Regressions.Mutation;

/// <summary>A room of the model, and what became of its mutants.</summary>
/// <param name="Name">The room.</param>
/// <param name="Mutants">How many there are that compile.</param>
/// <param name="Measured">How many of them were tried.</param>
/// <param name="Killed">How many of these made a test fail.</param>
/// <param name="Survived">The others.</param>
internal sealed record MeasuredRoom(string Name, int Mutants, int Measured, int Killed, int Survived);

/// <summary>A mutant that no quick test sees.</summary>
/// <param name="Mutant">The mutant; the line is known only of one that was just measured.</param>
/// <param name="Reason">Why it may: a kind of reason, a colon, and a sentence.</param>
internal sealed record Survivor(Mutant Mutant, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Mutant.File}:{Mutant.Line} {Mutant.Member}: {Mutant.Was} -> {Mutant.Is} ({Reason})";
}

/// <summary>What is kept of a measurement: a line for each room in <c>result.tsv</c>, for each survivor in <c>survivors.tsv</c>.</summary>
/// <param name="Heading">The day, the commit, and what was measured.</param>
/// <param name="Rooms">The rooms, by name.</param>
/// <param name="Survivors">Those that survived, in order of files and lines.</param>
internal sealed record MutationResult(string Heading, IReadOnlyList<MeasuredRoom> Rooms, IReadOnlyList<Survivor> Survivors)
{
    private const string RoomColumns = "room\tmutants\tmeasured\tkilled\tsurvived";
    private const string SurvivorColumns = "file\tmember\twas\tis\tnth\treason";

    internal int Measured => Rooms.Sum(room => room.Measured);

    internal int Killed => Rooms.Sum(room => room.Killed);

    internal static MutationResult Kept()
    {
        string[] rooms = Lines("result.tsv");
        return new MutationResult(
            rooms[0],
            [.. rooms.Skip(2).Select(line => line.Split('\t')).Select(parts => new MeasuredRoom(
                parts[0], Number(parts[1]), Number(parts[2]), Number(parts[3]), Number(parts[4])))],
            [.. Lines("survivors.tsv").Skip(1).Select(line => line.Split('\t')).Select(parts => new Survivor(
                new Mutant(parts[0], 0, parts[1], parts[2], parts[3], Number(parts[4])), parts[5]))]);
    }

    /// <summary>What was measured of the chosen mutants. Reasons that are known stay.</summary>
    internal static MutationResult Of(
        string heading, IReadOnlyList<Mutant> mutants, HashSet<int> chosen, IReadOnlyDictionary<string, Verdict> verdicts,
        MutationResult before)
    {
        Dictionary<string, string> reasons = before.Survivors.ToDictionary(survivor => survivor.Mutant.Key, survivor => survivor.Reason);
        var measured = mutants.Where((mutant, number) => chosen.Contains(number) && verdicts.ContainsKey(mutant.Key)).ToList();
        ILookup<string, Mutant> survived = measured.Where(mutant => !verdicts[mutant.Key].IsKilled).ToLookup(mutant => mutant.Room);
        return new MutationResult(
            heading,
            [
                .. from mutant in mutants
                   group mutant by mutant.Room into room
                   orderby room.Key
                   let tried = measured.Count(mutant => mutant.Room == room.Key)
                   let alive = survived[room.Key].Count()
                   select new MeasuredRoom(room.Key, room.Count(), tried, tried - alive, alive),
            ],
            [
                .. from mutant in survived.OrderBy(room => room.Key, StringComparer.Ordinal).SelectMany(room => room)
                   select new Survivor(mutant, reasons.GetValueOrDefault(mutant.Key, $"? {verdicts[mutant.Key].By}")),
            ]);
    }

    internal void Keep()
    {
        Write("result.tsv", Rooms.Select(room => string.Join('\t', room.Name, room.Mutants, room.Measured, room.Killed, room.Survived))
            .Prepend(RoomColumns).Prepend(Heading));
        Write("survivors.tsv", Survivors.Select(survivor => $"{survivor.Mutant.Key}\t{survivor.Reason}").Prepend(SurvivorColumns));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string[] Lines(string name) => Checkout.Text($"Rmap.Regressions/Mutation/{name}").TrimEnd('\n').Split('\n');

    private static void Write(string name, IEnumerable<string> lines) =>
        File.WriteAllText(Checkout.PathOf($"Rmap.Regressions/Mutation/{name}"), string.Join('\n', lines) + "\n");
}
