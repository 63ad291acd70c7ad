using Rmap.Properties.Running;
using Rmap.Regressions.C;
using Rmap.Regressions.Kernel;
using Xunit.Abstractions;

namespace Rmap.Regressions.Host;

/// <summary>
/// The programs of <c>docs/linux</c>, each of which shows a fault of Linux: they compile without a warning, and end with one of their exit
/// codes. What they show is told; it must be the fault only on the kernel on which they were tried.
/// </summary>
public class FaultProgramTests(ITestOutputHelper output)
{
    private const int Mended = 0, Shown = 1, CannotBeTried = 77;

    private static readonly Version TriedOn = new(6, 18, 44);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);

    private static IEnumerable<string> Programs =>
        Directory.EnumerateFiles(Checkout.PathOf("docs/linux"), "*.c").Order(StringComparer.Ordinal);

    /// <summary>Whether a program takes ksmd, whose settings are the whole system's.</summary>
    private static bool TakesKsm(string source) => File.ReadAllText(source).Contains("#include \"ksm.h\"", StringComparison.Ordinal);

    [NeedsCompilerFact]
    public void A_program_compiles_without_a_warning() => ForEach(Programs, _ => null);

    [NeedsCompilerFact]
    public void A_program_shows_its_fault() => ForEach(Programs.Where(source => !TakesKsm(source)), Run);

    [KsmFact]
    public void A_program_that_takes_ksmd_shows_its_fault() => ForEach(Programs.Where(TakesKsm), Run);

    /// <summary>Does something with each program, and fails with all that was wrong.</summary>
    private static void ForEach(IEnumerable<string> sources, Func<string, string?> test)
    {
        string folder = Directory.CreateTempSubdirectory("rmap-fault-").FullName;
        try
        {
            string[] problems = [.. sources.Select(source => Compile(folder, source) ?? test(ProgramOf(folder, source))).OfType<string>()];
            Assert.True(problems.Length == 0, string.Join('\n', problems));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string ProgramOf(string folder, string source) => Path.Combine(folder, Path.GetFileNameWithoutExtension(source));

    private static string? Compile(string folder, string source) =>
        Compiler.Own.Compile(folder, ProgramOf(folder, source), "-O2", "-Wall", "-Wextra", "-Werror", source);

    private string? Run(string program)
    {
        OtherProgram ran = OtherProgram.Run(Longest, Path.GetDirectoryName(program)!, program);
        string told = $"{Path.GetFileName(program)} on {HostKernel.Name}: {(ran.Output + ran.Error).Trim()}";
        output.WriteLine(told);
        bool isExpected = ran.ExitCode is Shown or CannotBeTried
            || (ran.ExitCode == Mended && HostKernel.Version.ToString(3) != TriedOn.ToString(3));
        return isExpected ? null : $"{told} (exit code {ran.ExitCode})";
    }
}

/// <summary>A test that takes ksmd, which has to be allowed: its settings are the whole system's.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KsmFactAttribute : FactAttribute
{
    public KsmFactAttribute() => Skip = new NeedsCompilerFactAttribute().Skip
        ?? (HostKsm.IsAllowed
            ? null
            : $"Takes ksmd, whose settings are the whole system's, and puts them back: set {HostKsm.Variable}=1 (as root).");
}
