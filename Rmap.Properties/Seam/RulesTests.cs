using System.Reflection;
using System.Text.RegularExpressions;
using Rmap.Properties.Running;

namespace Rmap.Properties.Seam;

/// <summary>Nothing stands in the rules that no mechanism asks for, and each says who does.</summary>
public partial class RulesTests
{
    private static readonly (string Path, string Text)[] Sources =
        [.. Directory.EnumerateFiles(Checkout.PathOf("Rmap.Model"), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Checkout.PathOf("Rmap.Model"), path).Replace('\\', '/'))
            .Where(path => !path.StartsWith("obj/", StringComparison.Ordinal) && !path.StartsWith("bin/", StringComparison.Ordinal))
            .Select(path => (path, Checkout.Text("Rmap.Model/" + path)))];

    private static readonly string RulesText = TextOf(path => path.StartsWith("Rules/Rules.", StringComparison.Ordinal));

    private static readonly string Mechanisms = TextOf(path => !path.StartsWith("Rules/", StringComparison.Ordinal));

    private static readonly string[] Promises =
        [.. Declaration().Matches(Checkout.Text("Rmap.Model/Rules/Rules.Promises.cs")).Select(match => match.Groups["name"].Value)];

    public static TheoryData<string> Decisions =>
        [.. typeof(Rules).GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(member => member is PropertyInfo or MethodInfo { IsSpecialName: false, IsVirtual: true })
            .Select(member => member.Name).Except([nameof(Rules.Name), nameof(Rules.Skips), .. Promises])];

    public static TheoryData<string> Steps => [.. Enum.GetNames<LinuxStep>()];

    [Theory]
    [MemberData(nameof(Decisions))]
    public void A_mechanism_asks_for_each_decision(string decision) =>
        Assert.True(IsAsked(decision, []), $"No mechanism asks for Rules.{decision}.");

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_mechanism_asks_for_each_step(string step) => Assert.Matches($@"LinuxStep\.{step}\b", Mechanisms);

    [Theory]
    [MemberData(nameof(Decisions))]
    public void Each_decision_says_first_in_which_function_of_the_kernel_it_is_taken(string decision) =>
        Assert.StartsWith("<c>", Summary(RulesText, $@"public virtual [^\n]*\b{decision}\b"));

    [Theory]
    [MemberData(nameof(Steps))]
    public void Each_step_says_first_in_which_function_of_the_kernel_it_is_done(string step) =>
        Assert.StartsWith("<c>", Summary(Checkout.Text("Rmap.Model/Rules/LinuxStep.cs"), $"{step},"));

    [Fact]
    public void What_is_User_Mode_Linux_alone_is_asked_in_one_place() => Assert.Equal(
        ["Rules/Rules.Arch.cs"],
        Sources.Where(source => !source.Path.StartsWith("Text/", StringComparison.Ordinal)
            && source.Text.Contains(".UserModeLinux", StringComparison.Ordinal)).Select(source => source.Path));

    private static string TextOf(Func<string, bool> chosen) =>
        string.Concat(Sources.Where(source => chosen(source.Path)).Select(source => source.Text));

    /// <summary>By a mechanism, or by a decision that is asked.</summary>
    private static bool IsAsked(string decision, IReadOnlyCollection<string> below) =>
        Regex.IsMatch(Mechanisms, $@"ules\.{decision}\b")
        || Declaration().Matches(RulesText).Any(match =>
            match.Groups["name"].Value is { } other && other != decision && !below.Contains(other)
            && Regex.IsMatch(match.Groups["body"].Value, $@"\b{decision}\b") && IsAsked(other, [.. below, decision]));

    private static string Summary(string source, string declaration)
    {
        Match match = Regex.Match(source, $@"(?<doc>(?:    ///[^\n]*\n)+)    {declaration}");
        Assert.True(match.Success, $"Nothing is declared like {declaration}.");
        return Markup().Replace(match.Groups["doc"].Value, "").TrimStart();
    }

    [GeneratedRegex(@"public virtual [^\n=]*?\b(?<name>\w+)(?:\(| =>)(?<body>.*?)(?=\n\n    ///|\n\}\n)", RegexOptions.Singleline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\A\s*///\s*<summary>\s*(///\s*)?")]
    private static partial Regex Markup();
}
