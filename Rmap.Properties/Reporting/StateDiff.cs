using System.Text;

namespace Rmap.Properties.Reporting;

/// <summary>
/// What changed from one <see cref="StateText"/> to another, thing by thing: lines that went (<c>-</c>), lines that came (<c>+</c>),
/// above them the unchanged lines that they belong to, and nothing else.
/// </summary>
public static class StateDiff
{
    /// <summary>The change from one state text to another; empty if there is none.</summary>
    /// <param name="before">The one.</param>
    /// <param name="after">The other.</param>
    /// <param name="shown">The sections that are compared; all if null.</param>
    public static string Of(string before, string after, StateSections? shown = null)
    {
        var text = new StringBuilder();
        Compare(Shown(before), Shown(after), text);
        return text.ToString();

        List<Thing> Shown(string state) =>
            Read(state).FindAll(section => shown?.HasFlag(StateSectionWords.OfHeading(section.Line)) != false);
    }

    private static List<Thing> Read(string text)
    {
        var sections = new List<Thing>();
        var open = new Stack<Thing>();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var thing = new Thing(line);
            while (open.TryPeek(out Thing? owner) && owner.Level >= thing.Level)
                open.Pop();

            (open.TryPeek(out Thing? parent) ? parent.Parts : sections).Add(thing);
            open.Push(thing);
        }

        return sections;
    }

    /// <summary>Compares things of one name that come in the same order in both lists; what stands between them went or came.</summary>
    private static void Compare(List<Thing> before, List<Thing> after, StringBuilder text)
    {
        (int went, int came) = (0, 0);
        for (int i = 0; i < after.Count; i++)
        {
            int same = before.FindIndex(went, thing => thing.Name == after[i].Name);
            if (same >= 0)
            {
                Write(same, i);
                Compare(before[same], after[i], text);
                (went, came) = (same + 1, i + 1);
            }
        }

        Write(before.Count, after.Count);

        void Write(int toBefore, int toAfter)
        {
            before[went..toBefore].ForEach(thing => thing.WriteAll('-', text));
            after[came..toAfter].ForEach(thing => thing.WriteAll('+', text));
        }
    }

    private static void Compare(Thing before, Thing after, StringBuilder text)
    {
        int start = text.Length;
        Compare(before.Parts, after.Parts, text);
        if (before.Line != after.Line)
            text.Insert(start, $"- {before.Line}\n+ {after.Line}\n");
        else if (text.Length > start)
            text.Insert(start, $"  {after.Line}\n");
    }

    /// <summary>A line with the lines that belong to it: those of a section, and those further in.</summary>
    private sealed class Thing(string line)
    {
        internal string Line { get; } = line;

        /// <summary>The first column: what the line is about.</summary>
        internal string Name { get; } = line.TrimStart().Split("  ")[0];

        /// <summary>0 for the heading of a section, which is in capitals; above that the indentation.</summary>
        internal int Level { get; } =
            line.All(c => char.IsAsciiLetterUpper(c) || c == '_') ? 0 : 1 + line.TakeWhile(c => c == ' ').Count();

        internal List<Thing> Parts { get; } = [];

        internal void WriteAll(char sign, StringBuilder text)
        {
            text.Append(sign).Append(' ').Append(Line).Append('\n');
            Parts.ForEach(part => part.WriteAll(sign, text));
        }
    }
}
