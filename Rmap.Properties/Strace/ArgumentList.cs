namespace Rmap.Properties.Strace;

/// <summary>
/// The arguments of a call, one by one: they are separated by commas, but for those inside brackets, quotes, and what strace tells of a
/// descriptor, as in <c>3&lt;/dev/zero&lt;char 1:5>></c>.
/// </summary>
internal static class ArgumentList
{
    internal static IReadOnlyList<string> Split(string text)
    {
        List<string> arguments = [];
        int depth = 0, from = 0;
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"':
                    i = Closing(text, i + 1, '"');
                    break;
                case '<' when IsOfDescriptor(text, i):
                    i = Closing(text, i + 1, '>');
                    break;
                case '[' or '{' or '(':
                    depth++;
                    break;
                case ']' or '}' or ')':
                    depth--;
                    break;
                case ',' when depth == 0:
                    arguments.Add(text[from..i].Trim());
                    from = i + 1;
                    break;
            }
        }

        if (from > 0 || text.Trim().Length > 0)
            arguments.Add(text[from..].Trim());

        return arguments;
    }

    /// <summary>A number stands before it; but <c>21&lt;&lt;MAP_HUGE_SHIFT</c> is a shift.</summary>
    private static bool IsOfDescriptor(string text, int at) =>
        at > 0 && char.IsAsciiDigit(text[at - 1]) && (at + 1 == text.Length || text[at + 1] != '<');

    /// <summary>Where what was opened is closed, or the end.</summary>
    private static int Closing(string text, int from, char closes)
    {
        int open = 1;
        for (int i = from; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == closes && --open == 0)
                return i;
            else if (text[i] == '<' && closes == '>')
                open++;
        }

        return text.Length;
    }
}
