namespace FsCheck.Xunit;

/// <summary>What attributes assign for a run. A setting that was not assigned is null and leaves the outer one in force.</summary>
internal sealed record PropertySettings
{
    public string? Replay { get; init; }
    public int? Parallelism { get; init; }
    public int? MaxTest { get; init; }
    public int? MaxRejected { get; init; }
    public int? StartSize { get; init; }
    public int? EndSize { get; init; }
    public bool? Verbose { get; init; }
    public bool? QuietOnSuccess { get; init; }
    public Type[] Arbitrary { get; init; } = [];

    /// <summary>These settings over those of an outer scope. Arbitraries add up; FsCheck lets the first of one type win.</summary>
    public PropertySettings Over(PropertySettings outer) => new()
    {
        Replay = Replay ?? outer.Replay,
        Parallelism = Parallelism ?? outer.Parallelism,
        MaxTest = MaxTest ?? outer.MaxTest,
        MaxRejected = MaxRejected ?? outer.MaxRejected,
        StartSize = StartSize ?? outer.StartSize,
        EndSize = EndSize ?? outer.EndSize,
        Verbose = Verbose ?? outer.Verbose,
        QuietOnSuccess = QuietOnSuccess ?? outer.QuietOnSuccess,
        Arbitrary = [.. Arbitrary, .. outer.Arbitrary],
    };

    /// <summary>The run that these settings describe; FsCheck's default where nothing was assigned.</summary>
    public Config ToConfig(IRunner runner, Action<string> write)
    {
        var config = Config.Default;
        config = config
            .WithMaxTest(MaxTest ?? config.MaxTest)
            .WithMaxRejected(MaxRejected ?? config.MaxRejected)
            .WithStartSize(StartSize ?? config.StartSize)
            .WithEndSize(EndSize ?? config.EndSize)
            .WithQuietOnSuccess(QuietOnSuccess ?? config.QuietOnSuccess)
            .WithArbitrary(Arbitrary)
            .WithRunner(runner);

        if (Replay is not null) config = config.WithReplay(ParseReplay(Replay));

        // FsCheck itself reads -1 as the number of processors.
        if (Parallelism is { } degree) config = config.WithParallelRunConfig(new ParallelRunConfig(degree));

        if (Verbose == true)
        {
            config = config
                .WithEvery((number, arguments) => Written(Runner.onArgumentsToString(number, ListModule.OfArray(arguments))))
                .WithEveryShrink(arguments => Written(Runner.onShrinkToString(ListModule.OfArray(arguments))));
        }

        return config;

        string Written(string text)
        {
            write(text);
            return "";
        }
    }

    /// <summary>Reads what a failure report prints: <c>seed,gamma</c> or <c>seed,gamma,size</c>, with or without parentheses.</summary>
    private static Replay ParseReplay(string text)
    {
        var parts = text.Trim('(', ')').Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is 2 or 3
            && ulong.TryParse(parts[0], out var seed)
            && ulong.TryParse(parts[1], out var gamma)
            && gamma % 2 == 1)
        {
            if (parts.Length == 2) return new Replay(new Rnd(seed, gamma), FSharpOption<int>.None);
            if (ushort.TryParse(parts[2], out var size)) return new Replay(new Rnd(seed, gamma), FSharpOption<int>.Some(size));
        }

        throw new FormatException($"Replay = \"{text}\" is not a seed. Expected \"seed,gamma\" or \"seed,gamma,size\" as a failure"
            + " report prints them: whole numbers, gamma odd, e.g. \"(6321986273,2945017843,12)\".");
    }
}
