namespace VerifyTests;

/// <summary>What a successful verification found.</summary>
public class VerifyResult
{
    private readonly string verifiedFile;

    internal VerifyResult(string verifiedFile, object? target) => (this.verifiedFile, Target) = (verifiedFile, target);

    /// <summary>What was passed to Verify.</summary>
    public object? Target { get; }

    /// <summary>The snapshot files.</summary>
    public IEnumerable<string> Files => [verifiedFile];

    /// <summary>The snapshot files that are texts: all.</summary>
    public IEnumerable<string> TextFiles => Files;

    /// <summary>The content of the snapshot.</summary>
    public string Text => File.ReadAllText(verifiedFile);
}
