namespace Rmap.Model;

/// <summary>
/// Every decision that Linux takes in this area and that one would want to vary, or to get wrong on purpose, as one member each.
/// The answers here are those of Linux 6.18.35. An older kernel, a proposed patch or a historic bug is a small subclass.
/// Nothing else in the model knows that other rules exist.
/// </summary>
public partial class Rules
{
    /// <summary>The name by which reports and the command line call these rules.</summary>
    public virtual string Name => "linux-6.18";
}

/// <summary>The rules of Linux 6.18, the default.</summary>
public sealed class Linux618 : Rules;
