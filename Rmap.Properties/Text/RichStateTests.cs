using System.Security.Cryptography;
using System.Text;
using Rmap.Properties.Reporting;

namespace Rmap.Properties.Text;

/// <summary>States as text and as graph that have, taken together, all that can be told.</summary>
[Trait("Speed", "Quick")]
public class RichStateTests
{
    private const string Pair = "P0 mmap 0+4 rw private anon\nP0 write 0 = 1\nP0 write 1 = 2\nP0 fork P1\nP1 write 0 = 3";

    [Fact]
    public Task As_text() => Verify(Told(machine => StateText.Of(machine)));

    [Fact]
    public Task With_every_field() => Verify(Told(machine => Hash(FullState.Of(machine))));

    [Fact]
    public Task As_graph() => Verify(Told(machine => MermaidText.Of(machine)));

    [Fact]
    public Task As_graph_of_anon_vmas() => Verify(Told(machine => MermaidText.OfAnonVmas(machine)));

    [Theory]
    [InlineData("", "", "")]
    [InlineData("", "A\n  x\n", "+ A\n+   x\n")]
    [InlineData("A\n  x\n", "", "- A\n-   x\n")]
    [InlineData("A\n  x\n  y\n", "A\n  y\n  x\n", "  A\n-   x\n+   x\n")]
    [InlineData("A\n  x  1\n    p\n  y  1\n", "A\n  x  2\n    p\n  y  1\n", "  A\n-   x  1\n+   x  2\n")]
    [InlineData("A\n  x  1\n    p\n", "A\n  x  1\n    q\n", "  A\n    x  1\n-     p\n+     q\n")]
    [InlineData("A\n  x  1\n    p  1\n", "A\n  x  2\n    p  2\n", "  A\n-   x  1\n+   x  2\n-     p  1\n+     p  2\n")]
    [InlineData("A\nx\nB_C\nx\n", "A\nB_C\nx\n", "  A\n- x\n")]
    [InlineData("A\nx  1\nx  2\nx  3\n", "A\nx  2\nx  3\n", "  A\n- x  1\n+ x  2\n- x  2\n+ x  3\n- x  3\n")]
    [InlineData("A\na\nb\nc\nd\n", "A\nb\nc\nd\na\n", "  A\n- a\n+ a\n")]
    [InlineData("A\na\nb\n", "A\nc\nd\n", "  A\n- a\n- b\n+ c\n+ d\n")]
    public void A_difference_tells_what_went_and_came(string before, string after, string difference) =>
        Assert.Equal(difference, StateDiff.Of(before, after));

    /// <summary>In the place of what is too long to be looked at.</summary>
    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    private static string Told(Func<Machine, string> tell)
    {
        var told = new StringBuilder();
        foreach (string operations in RichState.Sound)
            told.Append($"{operations.ReplaceLineEndings("\n")}\n====\n\n{tell(RichState.After(operations))}\n");

        foreach ((string what, Action<Machine> @break) in RichState.Broken)
        {
            Machine machine = RichState.After(Pair);
            @break(machine);
            told.Append($"{what}\n====\n\n{tell(machine)}\n");
        }

        return told.ToString();
    }
}
