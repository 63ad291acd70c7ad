using System.ComponentModel;
using System.Reflection;

namespace FsCheck.Xunit;

/// <summary>
/// One property as one test. The test class is constructed once for all cases, and neither the attributes that run before and after
/// a test nor <see cref="IAsyncLifetime.DisposeAsync"/> are called, as in the published package.
/// </summary>
public class PropertyTestCase : XunitTestCase
{
    /// <summary>Only for deserialization.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("Called by the de-serializer; should only be called by deriving classes for de-serialization purposes")]
    public PropertyTestCase()
    {
    }

    /// <summary>The test case of a method.</summary>
    public PropertyTestCase(
        IMessageSink diagnosticMessageSink,
        TestMethodDisplay defaultMethodDisplay,
        TestMethodDisplayOptions defaultMethodDisplayOptions,
        ITestMethod testMethod,
        object[]? testMethodArguments = null)
        : base(diagnosticMessageSink, defaultMethodDisplay, defaultMethodDisplayOptions, testMethod, testMethodArguments)
    {
    }

    /// <inheritdoc/>
    public override async Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink,
        IMessageBus messageBus,
        object[] constructorArguments,
        ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource)
    {
        var test = new XunitTest(this, DisplayName);
        Send(new TestCaseStarting(this));
        Send(new TestStarting(test));

        // On the thread pool: FsCheck blocks on a property that returns a Task, which may need xunit's own threads to go on.
        TestResultMessage result = string.IsNullOrEmpty(SkipReason)
            ? await Task.Run(() => Run(test, messageBus, constructorArguments, aggregator, cancellationTokenSource))
            : new TestSkipped(test, SkipReason);

        var summary = new RunSummary
        {
            Total = 1,
            Failed = result is TestFailed ? 1 : 0,
            Skipped = result is TestSkipped ? 1 : 0,
            Time = result.ExecutionTime,
        };
        Send(result);
        Send(new TestFinished(test, result.ExecutionTime, result.Output));
        Send(new TestCaseFinished(this, summary.Time, summary.Total, summary.Failed, summary.Skipped));
        return summary;

        void Send(IMessageSinkMessage message)
        {
            if (!messageBus.QueueMessage(message)) cancellationTokenSource.Cancel();
        }
    }

    /// <summary>
    /// Runs the property. Whatever goes wrong becomes a failure of this test: an escaping exception would abort the whole run.
    /// </summary>
    private TestResultMessage Run(
        ITest test, IMessageBus bus, object[] sharedArguments, ExceptionAggregator aggregator, CancellationTokenSource cancellation)
    {
        var timer = new ExecutionTimer();
        var output = new TestOutputHelper();

        // xunit 2.9 passes a factory where the constructor takes an ITestOutputHelper; the array is shared by the tests of the class.
        var arguments = Array.ConvertAll(sharedArguments, argument => argument is Func<TestOutputHelper> ? output : argument);
        output.Initialize(bus, test);
        try
        {
            if (aggregator.HasExceptions) throw aggregator.ToException();
            CheckProperty(test, bus, arguments, output, timer, cancellation);
            return new TestPassed(test, timer.Total, output.Output);
        }
        catch (Exception exception)
        {
            return new TestFailed(test, timer.Total, output.Output, Unwrapped(exception));
        }
        finally
        {
            output.Uninitialize();
        }
    }

    private static Exception Unwrapped(Exception exception) =>
        exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;

    private void CheckProperty(
        ITest test,
        IMessageBus bus,
        object[] arguments,
        TestOutputHelper output,
        ExecutionTimer timer,
        CancellationTokenSource cancellation)
    {
        var type = TestMethod.TestClass.Class.ToRuntimeType();
        var method = TestMethod.Method.ToRuntimeMethod();
        var runner = new XunitRunner();
        var config = EffectiveSettings(type, method).ToConfig(runner, output.WriteLine);

        var target = method.IsStatic ? null : test.CreateTestClass(type, arguments, bus, timer, cancellation);
        try
        {
            if (target is IAsyncLifetime lifetime) timer.Aggregate(() => lifetime.InitializeAsync().GetAwaiter().GetResult());
            timer.Aggregate(() => Check.Method(config, method, target is null ? null : FSharpOption<object>.Some(target)));
        }
        finally
        {
            (target as IDisposable)?.Dispose();
        }

        switch (runner.Result)
        {
            case TestResult.Passed { Item2: var quiet } passed:
                if (!quiet) output.WriteLine(Runner.onFinishedToString("", passed));
                break;
            case TestResult.Failed { Item4: Outcome.Failed { Item: var cause } } failed:
                var report = Runner.onFailureToString(
                    "", failed.Item1, failed.Item2, failed.Item3, failed.Item5, failed.Item6, failed.Item7);
                throw new PropertyFailedException(Environment.NewLine + report, cause);
            case var other:
                throw new PropertyFailedException(other);
        }
    }

    /// <summary>The assembly's settings, under those of the declaring classes from the outermost inwards, under the method's own.</summary>
    private static PropertySettings EffectiveSettings(Type type, MethodInfo method)
    {
        var settings = method.GetCustomAttribute<PropertyAttribute>()!.Settings;
        for (var scope = type; scope is not null; scope = scope.DeclaringType)
        {
            if (scope.GetCustomAttribute<PropertiesAttribute>() is { } properties) settings = settings.Over(properties.Settings);
        }

        var outermost = type.Assembly.GetCustomAttribute<PropertiesAttribute>();
        return outermost is null ? settings : settings.Over(outermost.Settings);
    }
}
