namespace VerifyTests;

/// <summary>Where the snapshots of a test are, and what they are called; null leaves the default in force.</summary>
public readonly struct PathInfo
{
    /// <summary>A path of the given parts.</summary>
    public PathInfo(string? directory = null, string? typeName = null, string? methodName = null)
    {
        if (directory is not null) Names.CheckDirectory(directory);
        if (typeName is not null) Names.CheckFile(typeName);
        if (methodName is not null) Names.CheckFile(methodName);
        (Directory, TypeName, MethodName) = (directory, typeName, methodName);
    }

    /// <summary>The directory of the snapshots.</summary>
    public string? Directory { get; }

    /// <summary>The part of the file name that tells the test class.</summary>
    public string? TypeName { get; }

    /// <summary>The part of the file name that tells the test method.</summary>
    public string? MethodName { get; }
}
