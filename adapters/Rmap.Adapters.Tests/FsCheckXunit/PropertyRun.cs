using FsCheck.Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Rmap.Adapters.Tests.FsCheckXunit;

/// <summary>
/// Runs the properties of a class through xunit's own runners, as a test host would, and keeps what they reported. The classes are
/// private, so that the test host does not find them itself.
/// </summary>
internal sealed class PropertyRun : LongLivedMarshalByRefObject, IMessageSink
{
    private readonly List<ITestResultMessage> results = [];
    private int finishedCases;

    /// <summary>The results by the name of the method, of the properties or of those named.</summary>
    public static async Task<IReadOnlyDictionary<string, ITestResultMessage>> Of<T>(params string[] methods)
    {
        var testAssembly = new TestAssembly(Reflector.Wrap(typeof(T).Assembly));
        var collection = new TestCollection(testAssembly, null, "properties");
        var testClass = new TestClass(collection, Reflector.Wrap(typeof(T)));
        var sink = new PropertyRun();
        var options = new DefaultOptions();
        var cases = testClass.Class.GetMethods(includePrivateMethods: false)
            .Where(method => methods.Length == 0 || methods.Contains(method.Name))
            .Select(method => (Method: method, Attribute: method.GetCustomAttributes(typeof(PropertyAttribute)).FirstOrDefault()))
            .Where(property => property.Attribute is not null)
            .SelectMany(property => new PropertyDiscoverer(sink)
                .Discover(options, new TestMethod(testClass, property.Method), property.Attribute!))
            .ToList();

        using var runner = new XunitTestAssemblyRunner(testAssembly, cases, sink, sink, options);
        var summary = await runner.RunAsync();

        Assert.Equal(cases.Count, sink.finishedCases);
        Assert.Equal(cases.Count, summary.Total);
        Assert.Equal(sink.results.OfType<ITestFailed>().Count(), summary.Failed);
        Assert.Equal(sink.results.OfType<ITestSkipped>().Count(), summary.Skipped);
        return sink.results.ToDictionary(result => result.TestMethod.Method.Name);
    }

    /// <summary>The result of the only property.</summary>
    public static async Task<ITestResultMessage> Single<T>(params string[] methods) => Assert.Single(await Of<T>(methods)).Value;

    public bool OnMessage(IMessageSinkMessage message)
    {
        lock (results)
        {
            if (message is ITestResultMessage result) results.Add(result);
            if (message is ITestCaseFinished) finishedCases++;
        }

        return true;
    }
}

/// <summary>xunit's options, none set.</summary>
internal sealed class DefaultOptions : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
{
    public TValue? GetValue<TValue>(string name) => default;

    public void SetValue<TValue>(string name, TValue value) => throw new NotSupportedException();
}
