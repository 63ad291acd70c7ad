using System.Text;

namespace Rmap.Model.Text;

/// <summary>
/// Reads a line of a scenario, token by token. The first thing that is wrong stops it: from then on nothing matches, and
/// <see cref="Problem"/> tells what it was. So a rule of the grammar reads on without asking.
/// </summary>
internal sealed class ScenarioReader
{
    private readonly string line;
    private readonly List<string> possible = [];
    private int start;
    private int end;

    internal ScenarioReader(string line)
    {
        this.line = line;
        Advance();
    }

    /// <summary>What went wrong: the column from 1, what stood there, what was expected. Null as long as nothing did.</summary>
    internal (int Column, string Found, string Expected)? Problem { get; private set; }

    /// <summary>Whether the line has nothing more to say.</summary>
    internal bool AtEnd => start == line.Length || line[start] == '#';

    /// <summary>The present token; empty at the end, or once something was wrong.</summary>
    internal string Token => Problem is null && !AtEnd ? line[start..end] : "";

    /// <summary>Goes past the present token if it is this one; otherwise remembers that it could have been.</summary>
    internal bool Take(string token)
    {
        if (!Is(token))
        {
            possible.Add($"'{token}'");
            return false;
        }

        Next();
        return true;
    }

    /// <summary>Goes past the present token, which must be this one.</summary>
    internal void Demand(string token)
    {
        if (Is(token))
        {
            Next();
        }
        else
        {
            Fail($"'{token}'");
        }
    }

    /// <summary>Goes past the present token if it is one of these words; otherwise remembers that it could have been.</summary>
    internal bool TakeOneOf<T>(IReadOnlyList<(string Word, T Value)> words, out T? value)
    {
        foreach ((string word, T of) in words)
        {
            if (Take(word))
            {
                value = of;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Goes past the present token if it is of a kind; otherwise remembers that it could have been.</summary>
    internal bool TakeIf(Func<string, bool> isKind, string what, out string token)
    {
        token = Token;
        if (!isKind(token))
        {
            possible.Add(what);
            return false;
        }

        Next();
        return true;
    }

    /// <summary>Goes past the present token, which must be the word for one of these.</summary>
    internal T? DemandOneOf<T>(string what, IReadOnlyList<T> entries, Func<T, string> wordFor)
    {
        foreach (T entry in entries)
        {
            if (Is(wordFor(entry)))
            {
                Next();
                return entry;
            }
        }

        Fail($"{what}: {string.Join(", ", entries.Select(wordFor))}");
        return default;
    }

    /// <summary>A number between two bounds, both included.</summary>
    internal long Number(string what, long least = long.MinValue, long most = long.MaxValue)
    {
        if (!long.TryParse(Token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            Fail(what);
        }
        else if (number < least || number > most)
        {
            Fail(string.Create(CultureInfo.InvariantCulture, $"{what} from {least} to {most}"));
        }

        Next();
        return number;
    }

    /// <summary>A process, <c>P0</c>.</summary>
    internal ProcessId Process()
    {
        if (!IsProcess(Token, out int number))
        {
            Fail("a process such as P0");
        }

        Next();
        return new ProcessId(number);
    }

    /// <summary>A page that was handed out, <c>G0</c>.</summary>
    internal PinId Pin()
    {
        if (!IsPin(Token, out int number))
        {
            Fail("a pin such as G0");
        }

        Next();
        return new PinId(number);
    }

    /// <summary>The name of a file or a segment.</summary>
    internal string Name(string what)
    {
        string name = Token;
        if (!IsName(name))
        {
            Fail(what);
        }

        Next();
        return name;
    }

    /// <summary>The end of the line, or a comment.</summary>
    internal void End()
    {
        if (!AtEnd)
        {
            Fail("the end of the line");
        }
    }

    /// <summary>Something else should stand here, or one of the words that could have.</summary>
    internal void Fail(string expected)
    {
        if (Problem is null)
        {
            string found = AtEnd ? "the end of the line" : Show(line.AsSpan(start, end - start));
            Problem = (start + 1, found, possible.Count == 0 ? expected : $"{string.Join(", ", possible.Distinct())} or {expected}");
        }
    }

    /// <summary>Whether a word is a process, and which.</summary>
    internal static bool IsProcess(string word, out int number) => IsNumbered('P', word, out number);

    /// <summary>Whether a word is a pin, and which.</summary>
    internal static bool IsPin(string word, out int number) => IsNumbered('G', word, out number);

    /// <summary>Whether a word may name a file or a segment.</summary>
    internal static bool IsName(string word) =>
        word.Length > 0 && (char.IsAsciiLetter(word[0]) || word[0] == '_') && word.All(IsWordCharacter)
        && word is not ("anon" or "ksm" or "swap" or "option" or "rules")
        && !(word.Length > 1 && (word[0] is 'P' or 'G') && word[1..].All(c => char.IsAsciiDigit(c) || c == '-'));

    private static bool IsNumbered(char kind, string word, out int number)
    {
        number = 0;
        return word.Length > 1 && word[0] == kind
            && int.TryParse(word.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    private static bool IsWordCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.';

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\r';

    private static string Show(ReadOnlySpan<char> token)
    {
        const int longest = 40;
        var shown = new StringBuilder("'");
        foreach (char c in token[..Math.Min(token.Length, longest)])
        {
            shown.Append(c is >= ' ' and <= '~' ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"));
        }

        return shown.Append(token.Length > longest ? "...'" : "'").ToString();
    }

    private bool Is(string token) => Problem is null && !AtEnd && line.AsSpan(start, end - start).SequenceEqual(token);

    private void Next()
    {
        if (Problem is null)
        {
            possible.Clear();
            Advance();
        }
    }

    private void Advance()
    {
        start = end;
        while (start < line.Length && IsSpace(line[start]))
        {
            start++;
        }

        end = start;
        if (AtEnd)
        {
            return;
        }

        if (IsArrow(start))
        {
            end += 2;
        }
        else if (!IsWordCharacter(line[start]))
        {
            end++;
        }
        else
        {
            while (end < line.Length && IsWordCharacter(line[end]) && !IsArrow(end))
            {
                end++;
            }
        }
    }

    private bool IsArrow(int at) => line[at] is '-' or '=' && at + 1 < line.Length && line[at + 1] == '>';
}
