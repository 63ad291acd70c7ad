using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit.Abstractions;

namespace Rmap.Adapters.Tests.FsCheckXunit;

/// <summary>Properties checked inside a test, with the test's output.</summary>
public class OutputTests
{
    private readonly Lines output = new();
    private readonly Property holds = Prop.ForAll<int>(_ => true);
    private readonly Property fails = Prop.ForAll<int>(_ => false);

    [Fact]
    public void QuickCheck_prints_whether_a_property_holds()
    {
        holds.QuickCheck(output);
        Assert.Contains("Ok, passed 100 tests.", output.Text);
        fails.QuickCheck(output);
        Assert.Contains("Falsifiable, after 1 test", output.Text);
    }

    [Fact]
    public void A_name_stands_before_the_result()
    {
        holds.QuickCheck("addition", output);
        Assert.Contains("addition-Ok, passed 100 tests.", output.Text);
        holds.VerboseCheck("more addition", output);
        Assert.Contains("more addition-Ok, passed 100 tests.", output.Text);
    }

    [Fact]
    public void VerboseCheck_prints_every_case()
    {
        holds.VerboseCheck(output);
        Assert.Contains("99:" + Environment.NewLine, output.Text);
    }

    [Fact]
    public void The_throwing_forms_throw_what_would_be_printed()
    {
        holds.QuickCheckThrowOnFailure(output);
        holds.VerboseCheckThrowOnFailure(output);
        Assert.StartsWith("Falsifiable", Assert.ThrowsAny<Exception>(() => fails.QuickCheckThrowOnFailure(output)).Message);
        Assert.StartsWith("Falsifiable", Assert.ThrowsAny<Exception>(() => fails.VerboseCheckThrowOnFailure(output)).Message);
    }

    [Fact]
    public void The_runner_throws_on_failure()
    {
        var config = Config.Quick.WithRunner(new TestOutputRunner(output));
        Check.One(config, holds);
        Assert.Contains("Ok, passed 100 tests.", output.Text);
        Assert.ThrowsAny<Exception>(() => Check.One(config, fails));
    }

    [Fact]
    public void The_silent_runner_keeps_the_result()
    {
        var runner = new XunitRunner();
        Assert.Throws<InvalidOperationException>(() => runner.Result);
        Check.One(Config.Quick.WithRunner(runner), holds);
        Assert.True(runner.Result.IsPassed);
    }

    [Fact]
    public void A_failure_can_be_made_of_a_result_or_of_a_text_and_a_cause()
    {
        var runner = new XunitRunner();
        Check.One(Config.Quick.WithRunner(runner), fails);
        Assert.StartsWith(Environment.NewLine + "Falsifiable", new PropertyFailedException(runner.Result).Message);

        var cause = new InvalidOperationException();
        Assert.Same(cause, new PropertyFailedException("text", cause).InnerException);
    }

    private sealed class Lines : ITestOutputHelper
    {
        public string Text { get; private set; } = "";

        public void WriteLine(string message) => Text += message + Environment.NewLine;

        public void WriteLine(string format, params object[] args) => WriteLine(string.Format(format, args));
    }
}
