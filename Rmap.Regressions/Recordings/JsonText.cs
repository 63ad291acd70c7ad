using System.Text;

namespace Rmap.Regressions.Recordings;

/// <summary>A text in JSON, and what to say of places in it.</summary>
/// <param name="bytes">The text.</param>
/// <param name="file">Where it comes from, for messages.</param>
/// <param name="names">Strings met before, of ordinal comparison; null for none.</param>
internal sealed class JsonText(ReadOnlyMemory<byte> bytes, string file, HashSet<string>? names = null)
{
    private const int ExcerptLength = 40;

    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>The strings met so far, so that equal ones are one object.</summary>
    public HashSet<string> Names { get; } = names ?? new HashSet<string>(StringComparer.Ordinal);

    /// <summary>What to throw if something else should stand at some place.</summary>
    public RecordingFormatException Unexpected(Range place, string expected)
    {
        ReadOnlySpan<byte> before = bytes.Span[..Math.Min(place.Start.Value, bytes.Length)];
        int lineStart = before.LastIndexOf((byte)'\n') + 1;
        long line = before.Count((byte)'\n') + 1;
        long column = Encoding.UTF8.GetCharCount(before[lineStart..]) + 1;
        ReadOnlySpan<byte> rest = bytes.Span[before.Length..];
        rest = rest[..Math.Min(rest.Length, ExcerptLength)];
        int end = rest.IndexOfAny((byte)'\n', (byte)'\r');
        rest = end >= 0 ? rest[..end] : rest;
        string found = before.Length == bytes.Length ? "the end of the file"
            : end == 0 ? "the end of the line"
            : $"'{Encoding.UTF8.GetString(rest)}'";
        return new RecordingFormatException(file, line, column, found, expected);
    }
}
