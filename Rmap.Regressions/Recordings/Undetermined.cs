namespace Rmap.Regressions.Recordings;

/// <summary>
/// The recorded fields that are not compared, because a real kernel does not determine them: by name, with the reason.
/// There is none.
/// </summary>
internal static class Undetermined
{
    public static readonly IReadOnlyList<(FieldKind Kind, string Reason)> Fields = [];
}
