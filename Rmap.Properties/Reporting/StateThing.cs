namespace Rmap.Properties.Reporting;

/// <summary>A line of a <see cref="StateText"/> with the lines that belong to it: those of a section, and those further in.</summary>
internal sealed class StateThing(string line)
{
    internal string Line { get; } = line;

    /// <summary>The first column: what the line is about.</summary>
    internal string Name { get; } = line.TrimStart().Split("  ")[0];

    /// <summary>All columns, without the spaces that fill them.</summary>
    internal string[] Columns => Line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>0 for the heading of a section, which is in capitals; above that the indentation.</summary>
    internal int Level { get; } =
        line.All(c => char.IsAsciiLetterUpper(c) || c == '_') ? 0 : 1 + line.TakeWhile(c => c == ' ').Count();

    internal List<StateThing> Parts { get; } = [];

    /// <summary>The sections of a state text.</summary>
    internal static List<StateThing> Read(string text)
    {
        var sections = new List<StateThing>();
        var open = new Stack<StateThing>();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var thing = new StateThing(line);
            while (open.TryPeek(out StateThing? owner) && owner.Level >= thing.Level)
                open.Pop();

            (open.TryPeek(out StateThing? parent) ? parent.Parts : sections).Add(thing);
            open.Push(thing);
        }

        return sections;
    }
}
