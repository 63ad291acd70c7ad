using System.Diagnostics;

namespace Rmap.Regressions.Kernel;

/// <summary>
/// A shell script that speaks the stream: it answers as a kernel with one empty process does, where every load fails. Loads of some
/// pages are requests to misbehave.
/// </summary>
/// <param name="Before">What it does before it is ready.</param>
internal sealed record FakeKernel(string Before = "") : KernelProgram("/bin/sh")
{
    internal const long Hangs = 60, Crashes = 61, Complains = 62, SaysGarbage = 63, Ends = 64, LeavesPipesOpen = 65, Differs = 66,
        AnswersOther = 67;

    private const string Script = """
        state='{"procs":[{"p":0}],"ksm":{"shared":0,"sharing":0,"unshared":0,"volatile":0,"zeroPages":0}}'
        version='"kernel":"Linux 6.18.35 x86_64","name":"scenario","seed":null'
        begin() { printf '{%s,"config":{"swapSync":false,"faultAround":1},"start":%s}\n' "$version" "$state"; }
        answer() { printf '{"op":%s,"result":%s,"state":%s}\n' "$line" "$1" "$state"; }
        warn() { echo "WARNING: CPU: 0 PID: $$ at mm/rmap.c:441 unlink_anon_vmas+0x255/0x2e0" >&2; }
        echo 'Checking that ptrace can change system call numbers...OK'
        echo '{"ready":1}'
        while read -r line; do
          case $line in
          *'"config"'*) begin ;;
          *'"page":60'*) sleep 600 ;;
          *'"page":61'*) warn; kill -ABRT $$ ;;
          *'"page":62'*) warn; sleep 0.1; answer '{"signal":"SIGSEGV"}' ;;
          *'"page":63'*) echo '{"op":7' ;;
          *'"page":64'*) exit 3 ;;
          *'"page":65'*) sleep 5 & exit 0 ;;
          *'"page":66'*) answer '{"ok":1}' ;;
          *'"page":67'*) line='{"op":"read","p":0,"page":7}'; answer '{"signal":"SIGSEGV"}' ;;
          *) answer '{"signal":"SIGSEGV"}' ;;
          esac
        done
        """;

    /// <summary>The home it was given last.</summary>
    internal string? Home { get; private set; }

    internal override ProcessStartInfo Command(string home)
    {
        Home = home;
        return new ProcessStartInfo(Path, ["-c", $"echo $$ > {home}/pid\n{Before}\n{Script}"]);
    }

    internal override string? Refuses(Operation operation) => Vocabulary.Refuses(operation);

    internal override string? Refuses(MachineOptions options) => Vocabulary.Refuses(options);

    internal override MachineOptions Adjust(MachineOptions options) =>
        options with { UserModeLinux = true, PgoffLimit = MachineOptions.Default.PgoffLimit };
}

/// <summary>A test that needs a shell.</summary>
internal sealed class ShellFactAttribute : FactAttribute
{
    public ShellFactAttribute() => Skip = File.Exists("/bin/sh") ? null : "Needs /bin/sh, to play a kernel that answers, hangs, crashes.";
}
