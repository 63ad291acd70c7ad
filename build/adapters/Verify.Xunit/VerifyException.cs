namespace VerifyTests;

/// <summary>A snapshot that is not the verified one. Where it was thrown tells nothing, so there is no stack trace.</summary>
internal sealed class VerifyException(string message) : Exception(message)
{
    public override string StackTrace => "";
}
