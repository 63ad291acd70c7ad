namespace Rmap.Regressions.C;

/// <summary>What went wrong with a compiler is told, and no more of them run than there are processors.</summary>
public sealed class CompilerTests : IDisposable
{
    private static readonly TimeSpan Ample = TimeSpan.FromMinutes(1);

    private readonly string folder = Directory.CreateTempSubdirectory("rmap-compiler-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [UnixFact]
    public void A_compiler_that_takes_too_long_is_ended_and_told_with_its_program_the_time_and_what_to_do()
    {
        string slow = Script("sleep 60");
        Assert.Equal(
            $"{slow} did not compile scenario in 0.2 s and was ended. Is the machine busy, or short of memory? "
            + "Try again when it is not, or with less at once: dotnet test Rmap.Regressions -c Release --filter CProgramTests",
            new Compiler(slow, TimeSpan.FromSeconds(0.2)).Compile(folder, "scenario", "scenario.c"));
    }

    [UnixFact]
    public void What_a_compiler_complains_about_is_told() => Assert.Equal(
        "scenario does not compile (exit code 3):\nscenario.c is wrong\n",
        new Compiler(Script("echo $3 is wrong >&2; exit 3"), Ample).Compile(folder, "scenario", "scenario.c"));

    [UnixFact]
    public void No_more_compilers_run_at_once_than_there_are_processors()
    {
        // Each adds a line while it runs, and tells how many there are.
        string script = Script("touch running.$$; ls running.* | wc -l >> seen; sleep 0.05; rm running.$$");
        var compiler = new Compiler(script, Ample);
        var threads = new Thread[Environment.ProcessorCount * 4];
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(() => compiler.Compile(folder, "scenario", "scenario.c"));
            threads[i].Start();
        }

        Array.ForEach(threads, thread => thread.Join());
        int[] seen = [.. File.ReadLines(Path.Combine(folder, "seen")).Select(int.Parse)];
        Assert.Equal(threads.Length, seen.Length);
        Assert.InRange(seen.Max(), 1, Environment.ProcessorCount);
    }

    private string Script(string commands)
    {
        string script = Path.Combine(folder, "compiler");
        File.WriteAllText(script, $"#!/bin/sh\n{commands}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        return script;
    }

    /// <summary>A test that runs a shell script as a compiler.</summary>
    private sealed class UnixFactAttribute : FactAttribute
    {
        public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "A shell script plays the compiler." : null;
    }
}
