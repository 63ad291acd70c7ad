namespace Rmap.Model.Text;

/// <summary>Why a text is not a scenario: the first place where it is none.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1, in UTF-16 units; a tab is one.</param>
/// <param name="Found">What stands there, in words.</param>
/// <param name="Expected">What should, in words.</param>
public sealed record ScenarioError(string File, int Line, int Column, string Found, string Expected)
{
    /// <summary>One line: <c>file:line:column: found what stands there, expected what should</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: found {Found}, expected {Expected}");
}

/// <summary>A scenario and where it was read.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Scenario">What stands in it.</param>
/// <param name="Lines">The line of each step, from 1.</param>
/// <param name="ExpectationLines">The line of each expectation, from 1.</param>
public sealed record ScenarioFile(string Name, Scenario Scenario, IReadOnlyList<int> Lines, IReadOnlyList<int> ExpectationLines);
