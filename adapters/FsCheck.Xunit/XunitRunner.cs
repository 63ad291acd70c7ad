namespace FsCheck.Xunit;

/// <summary>Keeps the result of a run, and prints nothing.</summary>
public class XunitRunner : IRunner
{
    private TestResult? result;

    /// <summary>The result, once the run has finished.</summary>
    public TestResult Result => result ?? throw new InvalidOperationException("The property has not been run.");

    void IRunner.OnStartFixture(Type t)
    {
    }

    void IRunner.OnArguments(int number, FSharpList<object> arguments, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every) =>
        every.Invoke(number).Invoke(arguments);

    void IRunner.OnShrink(FSharpList<object> arguments, FSharpFunc<FSharpList<object>, string> everyShrink) =>
        everyShrink.Invoke(arguments);

    void IRunner.OnFinished(string name, TestResult testResult) => result = testResult;
}
