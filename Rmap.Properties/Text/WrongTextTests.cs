using System.Text;
using System.Text.RegularExpressions;

namespace Rmap.Properties.Text;

/// <summary>What is said of texts that are no scenarios.</summary>
[Trait("Speed", "Quick")]
public class WrongTextTests
{
    [Fact]
    public Task What_is_said_of_wrong_texts()
    {
        var told = new StringBuilder();
        foreach (string text in WrongTexts.All.ReplaceLineEndings("\n").Split('\n'))
            told.Append($"{text}\n    {ErrorOf(Regex.Unescape(text))}\n");

        return Verify(told.ToString());
    }

    private static string ErrorOf(string text) =>
        ScenarioText.TryParse(text, "it", out ScenarioFile? file, out ScenarioError? error)
            ? $"reads as {file.Scenario}"
            : error.ToString();
}
