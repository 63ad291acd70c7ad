using System.Diagnostics;

namespace Rmap.Regressions.Kernel;

/// <summary>
/// A program that speaks the stream described in <c>Linux/README.md</c>: how it is started, what it can do, how long it may take.
/// </summary>
/// <param name="Path">The executable.</param>
internal abstract record KernelProgram(string Path)
{
    /// <summary>How long it may take until it is ready.</summary>
    internal TimeSpan BootLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an operation may take.</summary>
    internal TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How to start it.</summary>
    /// <param name="home">A folder for whatever it leaves behind.</param>
    internal abstract ProcessStartInfo Command(string home);

    /// <summary>Why it cannot perform an operation, or null if it can.</summary>
    internal abstract string? Refuses(Operation operation);

    /// <summary>Why it cannot run under these settings, or null if it can.</summary>
    internal abstract string? Refuses(MachineOptions options);

    /// <summary>The settings it really has, where the scenario's say something else.</summary>
    internal abstract MachineOptions Adjust(MachineOptions options);

    /// <summary>What it does in the place of an operation.</summary>
    internal virtual Operation Adjust(Operation operation) => operation;

    /// <summary>The scenario as it runs it.</summary>
    internal Scenario Adjust(Scenario scenario) =>
        new([.. scenario.Steps.Select(step => new Step(Adjust(step.Operation), step.Expected))], Adjust(scenario.Options), scenario.Rules);

    /// <summary>Why it cannot run a scenario, or null if it can.</summary>
    internal string? Refuses(Scenario scenario) =>
        Refuses(scenario.Options) ?? scenario.Steps.Select(step => Refuses(step.Operation)).FirstOrDefault(reason => reason is not null);
}

/// <summary>A kernel made by <c>Linux/build-kernel.sh</c>.</summary>
internal sealed record UserModeKernel(string Path) : KernelProgram(Path)
{
    private static readonly string[] Arguments =
        ["mem=192M", "con=null", "con0=null", "ssl=null", "panic_on_warn=1", "loglevel=5", "seccomp=auto"];

    internal override ProcessStartInfo Command(string home) => new(System.IO.Path.GetFullPath(Path), Arguments)
    {
        Environment = { ["HOME"] = home },
        WorkingDirectory = home,
    };

    internal override string? Refuses(Operation operation) => Vocabulary.Refuses(operation);

    internal override string? Refuses(MachineOptions options) => Vocabulary.Refuses(options);

    internal override MachineOptions Adjust(MachineOptions options) =>
        options with { UserModeLinux = true, PgoffLimit = MachineOptions.Default.PgoffLimit, MmapBase = MachineOptions.Default.MmapBase };
}
