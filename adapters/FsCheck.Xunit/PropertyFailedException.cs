namespace FsCheck.Xunit;

/// <summary>What a test runner shows of a property that does not hold.</summary>
public class PropertyFailedException : Exception
{
    /// <summary>A failure that FsCheck describes itself.</summary>
    public PropertyFailedException(TestResult testResult)
        : base(Environment.NewLine + Runner.onFinishedToString("", testResult))
    {
    }

    /// <summary>A failure with the exception that falsified the property.</summary>
    public PropertyFailedException(string userMessage, Exception? innerException)
        : base(userMessage, innerException)
    {
    }
}
