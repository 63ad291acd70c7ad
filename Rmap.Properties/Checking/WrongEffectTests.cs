using System.Text;

namespace Rmap.Properties.Checking;

/// <summary>What is said of an operation that does not do what it is for, or costs too much; of one that does nothing is said.</summary>
[Trait("Speed", "Quick")]
public class WrongEffectTests
{
    [Fact]
    public Task What_is_said_of_each_effect() => Verify(Told(WrongEffect.Effects));

    [Fact]
    public Task What_is_said_of_each_cost() => Verify(Told(WrongEffect.Costs));

    public static TheoryData<string> Right => [.. WrongEffect.RightEffects.Concat(WrongEffect.RightCosts).Select(effect => effect.What)];

    [Theory]
    [MemberData(nameof(Right))]
    public void Nothing_is_said_of_what_is_right(string what) =>
        Assert.Null(WrongEffect.RightEffects.Concat(WrongEffect.RightCosts).Single(effect => effect.What == what).Violation());

    private static string Told(IEnumerable<WrongEffect> effects)
    {
        var told = new StringBuilder();
        foreach (WrongEffect effect in effects)
        {
            Violation? violation = effect.Violation();
            Assert.True(violation is not null, effect.What);
            told.Append($"{effect.What}: {effect.Operation}\n    {violation.Invariant}\n");
            told.Append($"    saw       {violation.Saw}\n    expected  {violation.Expected}\n");
        }

        return told.ToString();
    }
}
