using System.Text;
using Rmap.Properties.Generating;
using Rmap.Regressions.Recordings;

namespace Rmap.Regressions.Kernel;

/// <summary>What is asked of a kernel is what the scenario says, and what cannot be asked is refused.</summary>
public class RequestsTests
{
    private static readonly UserModeKernel Kernel = new("linux");

    [Fact]
    public void A_request_reads_back_as_the_operation()
    {
        var kinds = new HashSet<Type>();
        for (int i = 0; i < 600; i++)
        {
            var cases = new KernelCases(Kernel, new Linux618());
            Scenario scenario = cases.Draw(Profile.All[i % Profile.All.Count], (ulong)i, KernelCases.Limits);
            Assert.Equal(scenario, ReadBack(scenario));
            kinds.UnionWith(scenario.Steps.Select(step => step.Operation.GetType()));
        }

        Type[] left = [.. typeof(Operation).GetNestedTypes().Where(type => type is { IsAbstract: false }).Except(kinds)];
        Assert.Equal(
            [
                "CloneVm", "Exec", "FailNth", "Mbind", "Mlockall", "Mseal", "Munlockall", "Pin", "PinRead", "PinWrite", "PkeyMprotect",
                "RlimitMemlock", "SetMdwe", "SwapFailRead", "Unpin",
            ],
            left.Select(type => type.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("P0 mmap 1+1 rw private anon hint", "the kernel would choose an address outside the arena")]
    [InlineData("P0 mmap 4095+2 rw private anon", "it would reach outside the 4096 pages of the arena")]
    [InlineData("P0 mmap 1+1 rw private F64", "names go from F0 to F63")]
    [InlineData("P0 mremap 1+1 -> +2 maymove", "the kernel would choose an address outside the arena")]
    [InlineData("P1024 read 0", "process numbers end at 1023")]
    [InlineData("P0 fork P1024", "process numbers end at 1023")]
    [InlineData("P0 clone-vm P1", "the kernel's init program does not know it")]
    [InlineData("P0 pin 0 G0", "the kernel's init program does not know it")]
    [InlineData("swap fail-read", "the kernel's init program does not know it")]
    [InlineData("P0 exec", "the kernel's init program does not know it")]
    [InlineData("F0 create 257 tmpfs", "it may have 256 pages at most")]
    public void What_the_kernel_cannot_be_asked_for_is_refused(string operation, string reason)
    {
        Scenario scenario = ScenarioText.Parse(operation);
        Assert.Equal(
            $"The kernel cannot be asked for '{ScenarioText.Print(scenario.Steps[0].Operation)}': {reason}.", Kernel.Refuses(scenario));
    }

    [Fact]
    public void A_setting_that_the_kernel_does_not_have_is_refused()
    {
        Assert.NotNull(Kernel.Refuses(new Scenario([], new MachineOptions { MaxMapCount = 10 })));
        var known = new MachineOptions { SwapSync = true, FaultAround = 16, KsmMaxPageSharing = 2, KsmUseZeroPages = true };
        Assert.Null(Kernel.Refuses(new Scenario([], known)));
    }

    [Fact]
    public void Each_operation_can_be_asked_for_or_is_refused()
    {
        foreach (OperationRow row in OperationTable.Rows)
        {
            Operation operation = row.Through(row.Blank, new Named());
            bool isRefused = Kernel.Refuses(operation) is not null;
            Assert.True(row.Json is not null || isRefused, row.Verb);
            Assert.True(isRefused || ReadBack(Scenario.Of(operation)).Steps[0].Operation == operation, row.Verb);
        }
    }

    private sealed class Named : Operands
    {
        internal override string Name(string name, string json) => json == "seg" ? "S0" : "F0";
    }

    private static Scenario ReadBack(Scenario scenario)
    {
        string[] lines = Encoding.UTF8.GetString(Requests.Of(new Sequence(scenario, "a", 7)).Span).TrimEnd('\n').Split('\n');
        const string State = """{"ksm":{"shared":0,"sharing":0,"unshared":0,"volatile":0,"zeroPages":0}}""";
        string beginning = $$"""{"kernel":"Linux 6.18.35 x86_64",{{lines[0][1..^1]}},"start":{{State}}}""";
        Recording recording = RecordingReader.ParseBeginning(Encoding.UTF8.GetBytes(beginning), []);
        Assert.Equal(("a", 7), (recording.Name, recording.Seed));
        return new Scenario(
            [.. lines[1..].Select(line => new Step(RecordingReader.ParseStep(
                Encoding.UTF8.GetBytes($$"""{"op":{{line}},"result":{"ok":0},"state":{{State}}}"""), []).Operation))],
            recording.Options, scenario.Rules);
    }
}
