using System.Text;

namespace Rmap.Model.Text;

/// <summary>A piece of a line of a scenario: how it is noted in the grammar, read, and written.</summary>
/// <typeparam name="T">What it stands for.</typeparam>
/// <param name="Notation">Its notation in the grammar: capitals stand for something, brackets may be left out.</param>
/// <param name="Read">Reads it from a line.</param>
/// <param name="Write">Writes it, with a space before it; nothing for an option left at its default.</param>
internal sealed record Term<T>(string Notation, Func<ScenarioReader, T> Read, Action<StringBuilder, T> Write)
{
    /// <summary>Two terms, one behind the other.</summary>
    internal Term<(T, TNext)> And<TNext>(Term<TNext> next) => new(
        $"{Notation} {next.Notation}",
        line => (Read(line), next.Read(line)),
        (text, both) =>
        {
            Write(text, both.Item1);
            next.Write(text, both.Item2);
        });
}

/// <summary>The ways to make terms.</summary>
internal static class Term
{
    /// <summary>No text at all.</summary>
    internal static readonly Term<bool> Nothing = new("", _ => true, (_, _) => { });

    /// <summary>A number between two bounds, both included.</summary>
    internal static Term<int> Number(string notation, string what, int least) => new(
        notation,
        line => (int)line.Number(what, least, int.MaxValue),
        (text, number) => text.Append(CultureInfo.InvariantCulture, $" {number}"));

    /// <summary>One of several words.</summary>
    internal static Term<T> Choice<T>(string notation, params (string Word, T Value)[] words) => new(
        notation,
        line => line.DemandOneOf(notation, words, word => word.Word).Value!,
        (text, value) => text.Append(' ').Append(WordFor(words, value)));

    /// <summary>One of several words, or none of them.</summary>
    internal static Term<T> Option<T>(T otherwise, params (string Word, T Value)[] words) => new(
        $"[{string.Join('|', words.Select(word => word.Word))}]",
        line => line.TakeOneOf(words, out T? value) ? value! : otherwise,
        (text, value) =>
        {
            if (!Equals(value, otherwise))
            {
                text.Append(' ').Append(WordFor(words, value));
            }
        });

    private static string WordFor<T>((string Word, T Value)[] words, T value)
    {
        foreach ((string word, T of) in words)
        {
            if (Equals(of, value))
            {
                return word;
            }
        }

        throw new ArgumentException($"'{value}' cannot be written in a scenario.", nameof(value));
    }
}
