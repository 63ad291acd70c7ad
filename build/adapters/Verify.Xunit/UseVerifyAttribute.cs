using Xunit.Sdk;

namespace VerifyXunit;

/// <summary>
/// Remembers which test runs, because xunit v2 does not tell. xunit calls it around every [Fact] and [Theory] of the assembly; a test
/// case of another kind, such as a [Property], has no current test.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class UseVerifyAttribute : BeforeAfterTestAttribute
{
    private static readonly AsyncLocal<MethodInfo?> Running = new();

    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest) => Running.Value = methodUnderTest;

    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest) => Running.Value = null;

    internal static MethodInfo GetMethod() => Running.Value ?? throw new InvalidOperationException(
        "Could not resolve the current test info. Verify works in a [Fact] or [Theory] of an assembly with [assembly: UseVerify].");
}
