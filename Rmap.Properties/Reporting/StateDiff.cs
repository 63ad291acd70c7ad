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

        List<StateThing> Shown(string state) =>
            StateThing.Read(state).FindAll(section => shown?.HasFlag(StateSectionWords.OfHeading(section.Line)) != false);
    }

    /// <summary>Compares things of one name that come in the same order in both lists; what stands between them went or came.</summary>
    private static void Compare(List<StateThing> before, List<StateThing> after, StringBuilder text)
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
            before[went..toBefore].ForEach(thing => WriteAll(thing, '-', text));
            after[came..toAfter].ForEach(thing => WriteAll(thing, '+', text));
        }
    }

    private static void Compare(StateThing before, StateThing after, StringBuilder text)
    {
        int start = text.Length;
        Compare(before.Parts, after.Parts, text);
        if (before.Line != after.Line)
            text.Insert(start, $"- {before.Line}\n+ {after.Line}\n");
        else if (text.Length > start)
            text.Insert(start, $"  {after.Line}\n");
    }

    private static void WriteAll(StateThing thing, char sign, StringBuilder text)
    {
        text.Append(sign).Append(' ').Append(thing.Line).Append('\n');
        thing.Parts.ForEach(part => WriteAll(part, sign, text));
    }
}
