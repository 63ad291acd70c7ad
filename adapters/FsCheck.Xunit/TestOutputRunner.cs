namespace FsCheck.Xunit;

/// <summary>Prints a run to the output of a test, and throws if the property does not hold.</summary>
public class TestOutputRunner : IRunner
{
    private readonly ITestOutputHelper output;
    private readonly bool throwOnFailure;

    /// <summary>A runner that throws on failure.</summary>
    public TestOutputRunner(ITestOutputHelper output)
        : this(output, throwOnFailure: true)
    {
    }

    internal TestOutputRunner(ITestOutputHelper output, bool throwOnFailure)
    {
        this.output = output;
        this.throwOnFailure = throwOnFailure;
    }

    void IRunner.OnStartFixture(Type t) => output.WriteLine(Runner.onStartFixtureToString(t));

    void IRunner.OnArguments(int number, FSharpList<object> arguments, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every) =>
        output.WriteLine(every.Invoke(number).Invoke(arguments));

    void IRunner.OnShrink(FSharpList<object> arguments, FSharpFunc<FSharpList<object>, string> everyShrink) =>
        output.WriteLine(everyShrink.Invoke(arguments));

    void IRunner.OnFinished(string name, TestResult testResult)
    {
        var text = Runner.onFinishedToString(name, testResult);
        if (throwOnFailure && !testResult.IsPassed) throw new PropertyFailedException(text, null);
        output.WriteLine(text);
    }
}
