using System.Runtime.CompilerServices;

namespace Rmap.Model.Invariants;

/// <summary>
/// A sentence about pages, AVs, slots and nodes that still knows which ones it means, so that it can be told with the names that
/// the text beside it uses. Written as an interpolated string, never as a plain one, which has lost them.
/// </summary>
[InterpolatedStringHandler]
public sealed class Telling
{
    private readonly List<object> parts = [];

    /// <summary>Called by the compiler.</summary>
    /// <param name="literalLength">Unused: it is made only once something is wrong.</param>
    /// <param name="formattedCount">Unused.</param>
    public Telling(int literalLength, int formattedCount)
    {
        _ = literalLength;
        _ = formattedCount;
    }

    /// <summary>Called by the compiler.</summary>
    public void AppendLiteral(string text) => parts.Add(text);

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value)
    {
        if (value is not null)
            parts.Add(value);
    }

    /// <summary>Sentences one behind the other.</summary>
    internal static Telling Join(string separator, IEnumerable<Telling> tellings)
    {
        Telling all = $"";
        foreach (Telling telling in tellings)
        {
            all.AppendLiteral(all.parts.Count > 1 ? separator : "");
            all.AppendFormatted(telling);
        }

        return all;
    }

    /// <summary>The sentence with other names than the internal numbers.</summary>
    /// <param name="nameOf">Gives a thing its name; null for what is told as it is.</param>
    public string With(Func<object, string?> nameOf) =>
        string.Concat(parts.Select(part => part is Telling telling ? telling.With(nameOf) : nameOf(part) ?? Plain(part)));

    /// <summary>The sentence with the internal numbers: frames, slots, recycled ids.</summary>
    public override string ToString() => string.Concat(parts.Select(Plain));

    private static string? Plain(object part) =>
        part is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : part.ToString();
}
