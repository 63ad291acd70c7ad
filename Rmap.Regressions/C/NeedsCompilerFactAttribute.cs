using System.Runtime.InteropServices;

namespace Rmap.Regressions.C;

/// <summary>A test that compiles and runs C programs. Without a compiler, or elsewhere than on Linux on x86-64, it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsCompilerFactAttribute : FactAttribute
{
    public NeedsCompilerFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            Skip = "C programs of scenarios are for Linux on x86-64.";
        else if (Compiler.Path is null)
            Skip = "There is no C compiler (cc or gcc): install gcc to have the C programs of scenarios compiled and run.";
    }
}
