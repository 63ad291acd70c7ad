namespace FsCheck.Xunit;

/// <summary>Runs a method as a property: its arguments are generated, and a failure is shrunk.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
[XunitTestCaseDiscoverer("FsCheck.Xunit.PropertyDiscoverer", "FsCheck.Xunit")]
public class PropertyAttribute : FactAttribute
{
    private string? replay;

    internal PropertySettings Settings { get; private set; } = new();

    /// <summary>The seed to start from, as a failure report prints it: "seed,gamma" or "seed,gamma,size". Empty means none.</summary>
    public string? Replay
    {
        get => replay;
        set
        {
            replay = value;
            Settings = Settings with { Replay = string.IsNullOrEmpty(value) ? null : value };
        }
    }

    /// <summary>How many cases run at once; -1, if assigned, means as many as there are processors.</summary>
    public int Parallelism
    {
        get => Settings.Parallelism ?? -1;
        set => Settings = Settings with { Parallelism = value };
    }

    /// <summary>The number of cases to run.</summary>
    public int MaxTest
    {
        get => Settings.MaxTest ?? -1;
        set => Settings = Settings with { MaxTest = value };
    }

    /// <summary>How many cases may be rejected before the property counts as exhausted, which is a failure.</summary>
    public int MaxRejected
    {
        get => Settings.MaxRejected ?? -1;
        set => Settings = Settings with { MaxRejected = value };
    }

    /// <summary>The size of the first case.</summary>
    public int StartSize
    {
        get => Settings.StartSize ?? -1;
        set => Settings = Settings with { StartSize = value };
    }

    /// <summary>The size of the last case; sizes grow evenly from the first.</summary>
    public int EndSize
    {
        get => Settings.EndSize ?? -1;
        set => Settings = Settings with { EndSize = value };
    }

    /// <summary>Whether the arguments of every case are printed.</summary>
    public bool Verbose
    {
        get => Settings.Verbose ?? false;
        set => Settings = Settings with { Verbose = value };
    }

    /// <summary>Whether a passing property prints nothing.</summary>
    public bool QuietOnSuccess
    {
        get => Settings.QuietOnSuccess ?? false;
        set => Settings = Settings with { QuietOnSuccess = value };
    }

    /// <summary>Types whose static members give Arbitrary instances; of two for the same type the first wins.</summary>
    public Type[] Arbitrary
    {
        get => Settings.Arbitrary;
        set => Settings = Settings with { Arbitrary = value ?? [] };
    }
}
