namespace Rmap.Regressions.Recordings;

/// <summary>A file is not a recording: where, what stood there, what was expected.</summary>
internal sealed class RecordingFormatException(string file, long line, long column, string found, string expected)
    : FormatException($"{file}({line},{column}): found {found}, expected {expected}")
{
    public string File { get; } = file;

    /// <summary>From 1.</summary>
    public long Line { get; } = line;

    /// <summary>In characters, from 1.</summary>
    public long Column { get; } = column;

    public string Found { get; } = found;

    public string Expected { get; } = expected;
}
