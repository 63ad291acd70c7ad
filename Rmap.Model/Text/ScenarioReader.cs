using System.Text;
using System.Text.RegularExpressions;

namespace Rmap.Model.Text;

/// <summary>
/// Reads a line of a scenario, token by token. The first thing that is wrong stops it: from then on nothing matches, and
/// <see cref="Problem"/> tells what it was. So a rule of the grammar reads on without asking.
/// </summary>
internal sealed partial class ScenarioReader
{
    private readonly string line;
    private readonly List<string> possible = [];
    private int start;
    private int begin;

    internal ScenarioReader(string line)
    {
        this.line = line;
        Advance();
    }

    /// <summary>What went wrong: the column from 1, what stood there, what was expected. Null as long as nothing did.</summary>
    internal (int Column, string Found, string Expected)? Problem { get; private set; }

    /// <summary>The present token; empty at the end, or once something was wrong.</summary>
    internal string Token { get; private set; } = "";

    /// <summary>Whether the line has nothing more to say.</summary>
    internal bool AtEnd => Token.Length == 0;

    /// <summary>Goes back to the beginning of the line, or behind the label.</summary>
    internal ScenarioReader Again()
    {
        (start, Token) = (begin, "");
        Next();
        return this;
    }

    /// <summary>Goes past the present token if it is this one; otherwise remembers that it could have been.</summary>
    internal bool Take(string token) => TakeIf(present => present == token, $"'{token}'", out _);

    /// <summary>Goes past the present token if it is of a kind; otherwise remembers that it could have been.</summary>
    internal bool TakeIf(Func<string, bool> isKind, string what, out string token)
    {
        token = Token;
        bool takes = !AtEnd && isKind(token);
        if (takes)
            Next();
        else
            possible.Add(what);

        return takes;
    }

    /// <summary>Goes past the label of a task, a letter and a colon, if it stands here.</summary>
    internal bool TakeLabel(out int task)
    {
        bool isLabel = Token.Length == 1 && Token[0] is >= 'a' and <= 'z' && start + 1 < line.Length && line[start + 1] == ':';
        task = isLabel ? Token[0] - 'a' : 0;
        if (isLabel)
        {
            Next();
            Demand(":");
            begin = start;
        }
        else
        {
            possible.Add("the letter of a task such as a:");
        }

        return isLabel;
    }

    /// <summary>Goes past the present token if it is one of these words; otherwise remembers that it could have been.</summary>
    internal bool TakeOneOf<T>(IReadOnlyList<(string Word, T Value)> words, out T? value)
    {
        (string? taken, value) = words.FirstOrDefault(word => Take(word.Word));
        return taken is not null;
    }

    /// <summary>Goes past the present token, which must be this one.</summary>
    internal ScenarioReader Demand(string token)
    {
        Demand(!AtEnd && Token == token, $"'{token}'");
        return this;
    }

    /// <summary>Goes past the present token, which must be the word for one of these.</summary>
    internal T? DemandOneOf<T>(string what, IReadOnlyList<T> entries, Func<T, string> wordFor)
    {
        T? entry = entries.FirstOrDefault(entry => wordFor(entry) == Token);
        Demand(!AtEnd && entries.Any(entry => wordFor(entry) == Token), $"{what}: {string.Join(", ", entries.Select(wordFor))}");
        return entry;
    }

    /// <summary>A number between two bounds, both included.</summary>
    internal long Number(string what, long least = long.MinValue, long most = long.MaxValue)
    {
        bool isNumber = long.TryParse(Token, NumberStyles.AllowLeadingSign, null, out long number);
        Demand(isNumber && number >= least && number <= most, isNumber ? $"{what} from {least} to {most}" : what);
        return number;
    }

    /// <summary>The number behind a letter.</summary>
    internal int Numbered(char letter, string what)
    {
        Demand(IsNumbered(letter, Token, out int number), what);
        return number;
    }

    /// <summary>The name of a file or a segment.</summary>
    internal string Name(string what) => Demand(IsName(Token), what);

    /// <summary>The end of the line, or a comment.</summary>
    internal void End() => Demand(AtEnd, "the end of the line");

    /// <summary>Something else should stand here, or one of the words that could have.</summary>
    internal void Fail(string expected)
    {
        string found = AtEnd ? "the end of the line" : Show(Token);
        Problem ??= (start + 1, found, possible.Count == 0 ? expected : $"{string.Join(", ", possible.Distinct())} or {expected}");
        Token = "";
    }

    /// <summary>Whether a word is a letter with a number behind it.</summary>
    internal static bool IsNumbered(char letter, string word, out int number)
    {
        number = 0;
        return word.StartsWith(letter) && int.TryParse(word.AsSpan(1), NumberStyles.AllowLeadingSign, null, out number);
    }

    /// <summary>Whether a word may name a file or a segment: it is no other word that stands where names do.</summary>
    internal static bool IsName(string word) => Names().IsMatch(word);

    private static string Show(string token)
    {
        const int longest = 40;
        var shown = new StringBuilder("'");
        foreach (char c in token[..Math.Min(token.Length, longest)])
            shown.Append(c is >= ' ' and <= '~' ? c.ToString() : $"\\u{(int)c:x4}");

        return shown.Append(token.Length > longest ? "...'" : "'").ToString();
    }

    /// <summary>Goes past the present token, which must fit.</summary>
    private string Demand(bool fits, string expected)
    {
        string token = Token;
        if (!fits)
            Fail(expected);

        Next();
        return token;
    }

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
        start += Token.Length;
        while (start < line.Length && line[start] is ' ' or '\t' or '\r')
            start++;

        Token = start == line.Length || line[start] == '#' ? "" : Tokens().Match(line, start).Value;
    }

    /// <summary>An arrow, a word, or any other sign.</summary>
    [GeneratedRegex(@"[-=]>|(?:(?!->)[A-Za-z0-9_.-])+|.", RegexOptions.Singleline)]
    private static partial Regex Tokens();

    [GeneratedRegex(@"^(?!(?:anon|ksm|swap|option|rules|shows|expect|together|as)\z)(?![PG][0-9-]+\z)[A-Za-z_][A-Za-z0-9_.-]*\z")]
    private static partial Regex Names();
}
