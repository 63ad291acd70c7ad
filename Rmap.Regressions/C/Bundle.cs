using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Rmap.Regressions.C;

/// <summary>
/// Many C programs of scenarios as one, which compiles in a fraction of the time: headers are read once, and one program is linked. What a
/// program has at file scope gets a number behind its name. The environment says which program to be, because an exec keeps that.
/// </summary>
internal static partial class Bundle
{
    /// <summary>The variable that says which.</summary>
    private const string Variable = "RMAP_PROGRAM";

    /// <summary>What to set for one of the programs.</summary>
    internal static string Choice(int program) => string.Create(CultureInfo.InvariantCulture, $"{Variable}={program}");

    /// <summary>The source of all.</summary>
    internal static string Of(IReadOnlyList<(string Name, string Text)> programs)
    {
        var text = new StringBuilder("#define _GNU_SOURCE\n");
        text.AppendJoin("", programs.SelectMany(program => Header().Matches(program.Text)).Select(header => header.Value).Distinct());
        foreach ((int number, (string name, string program)) in programs.Index())
        {
            IReadOnlyCollection<string> names = NamesOf(program);
            text.AppendJoin("", names.Select(each => $"#define {each} {each}_{number}\n"));
            text.Append(CultureInfo.InvariantCulture, $"#line 1 \"{name}.c\"\n").Append(Own(program));
            text.AppendJoin("", names.Concat(MacrosOf(program)).Select(each => $"#undef {each}\n"));
        }

        string mains = string.Join(", ", programs.Index().Select(each => $"main_{each.Index}"));
        text.Append(
            $$"""
            #line 1 "bundle.c"
            int main(int count, char **arguments)
            {
              static int (*const programs[])(int, char **) = { {{mains}} };

              return programs[atoi(getenv("{{Variable}}"))](count, arguments);
            }

            """);
        return text.ToString();
    }

    /// <summary>The functions, variables, types and constants of a program.</summary>
    internal static IReadOnlyCollection<string> NamesOf(string program) =>
    [
        .. Definition().Matches(program).Select(match => match.Groups[1].Value)
            .Concat(Enumeration().Matches(program)
                .SelectMany(match => Constant().Matches(match.Groups[1].Value)).Select(match => match.Value))
            .Distinct(),
    ];

    private static IEnumerable<string> MacrosOf(string program) =>
        Macro().Matches(Own(program)).Select(match => match.Groups[1].Value).Distinct();

    /// <summary>Without headers, whose place stays an empty line, so that a compiler names the lines of the program.</summary>
    private static string Own(string program) =>
        Header().Replace(program.Replace("#define _GNU_SOURCE\n", "\n", StringComparison.Ordinal), "\n");

    [GeneratedRegex(@"^#include <.*>\n", RegexOptions.Multiline)]
    private static partial Regex Header();

    [GeneratedRegex(@"^#define (\w+)", RegexOptions.Multiline)]
    private static partial Regex Macro();

    [GeneratedRegex(@"^(?:static|struct|int)\b[^(=;\[{\n]*?\b(\w+)\s*[(=;\[{]", RegexOptions.Multiline)]
    private static partial Regex Definition();

    [GeneratedRegex(@"^enum \{([^}]*)\}", RegexOptions.Multiline)]
    private static partial Regex Enumeration();

    [GeneratedRegex(@"\b[A-Z]\w*")]
    private static partial Regex Constant();
}
