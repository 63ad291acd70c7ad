namespace FsCheck.Xunit;

/// <summary>Checks a property inside a test method, and prints to the output of that test.</summary>
public static class CheckExtensions
{
    /// <summary>Prints whether the property holds.</summary>
    public static void QuickCheck(this Property property, ITestOutputHelper testOutputHelper) =>
        Check.One(Print(Config.Quick, testOutputHelper), property);

    /// <summary>Prints whether the property holds, under a name.</summary>
    public static void QuickCheck(this Property property, string testName, ITestOutputHelper testOutputHelper) =>
        Check.One(testName, Print(Config.Quick, testOutputHelper), property);

    /// <summary>Throws if the property does not hold.</summary>
    public static void QuickCheckThrowOnFailure(this Property property, ITestOutputHelper testOutputHelper) =>
        Check.One(Config.Quick.WithRunner(new TestOutputRunner(testOutputHelper)), property);

    /// <summary>Prints every case, and whether the property holds.</summary>
    public static void VerboseCheck(this Property property, ITestOutputHelper testOutputHelper) =>
        Check.One(Print(Config.Verbose, testOutputHelper), property);

    /// <summary>Prints every case, and whether the property holds, under a name.</summary>
    public static void VerboseCheck(this Property property, string testName, ITestOutputHelper testOutputHelper) =>
        Check.One(testName, Print(Config.Verbose, testOutputHelper), property);

    /// <summary>Prints every case, and throws if the property does not hold.</summary>
    public static void VerboseCheckThrowOnFailure(this Property property, ITestOutputHelper testOutputHelper) =>
        Check.One(Config.Verbose.WithRunner(new TestOutputRunner(testOutputHelper)), property);

    private static Config Print(Config config, ITestOutputHelper output) =>
        config.WithRunner(new TestOutputRunner(output, throwOnFailure: false));
}
