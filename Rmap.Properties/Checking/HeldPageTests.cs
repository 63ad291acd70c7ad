using Rmap.Properties.Running;

namespace Rmap.Properties.Checking;

/// <summary>
/// What those see who got a page from <c>get_user_pages</c>, and that the content model notices if they see anything else.
/// </summary>
[Trait("Speed", "Quick")]
public class HeldPageTests
{
    private const string Written = "P0 mmap 0+2 rw private anon\nP0 write 0 = 3\n";
    private const string ZeroPage =
        "option ksm-use-zero-pages\nP0 mmap 0+1 rw private anon\nP0 write 0 = 0\nP0 memory-merge on\nksm scan 2\n";

    private const string File = "F0 create 2 tmpfs = 7\n";

    /// <summary>Operations, and what G0 shows at the end, and nothing else.</summary>
    [Theory]
    [InlineData(Written + "P0 pin 0 G0\nP0 write 0 = 4", 4)]
    [InlineData(Written + "P0 pin 0 G0\nP0 fork P1\nP0 write 0 = 4\nP1 write 0 = 5", 4)]
    [InlineData(Written + "P0 fork P1\nP0 pin 0 G0\nP1 write 0 = 5\nP0 write 0 = 4", 4)]
    [InlineData(Written + "P0 pin 0 G0 write\nG0 write = 8", 8)]
    [InlineData(Written + "P0 pin 0 G0\nP0 reclaim 0\nP0 migrate 0\nP0 write 0 = 4", 4)]
    [InlineData(Written + "P0 pin 0 G0\nP0 munmap 0+1\nP0 mmap 0+1 rw private anon\nP0 write 0 = 4", 3)]
    [InlineData(Written + "P0 pin 0 G0 write\nP0 exit\nG0 write = 9", 9)]
    [InlineData(Written + "P0 pin 0 G0\nP0 madvise 0+1 dontneed\nP0 write 0 = 4", 3)]
    [InlineData(Written + "P0 pin 0 G0\nP0 mremap 0+1 -> 8+1\nP0 write 8 = 4", 4)]
    [InlineData(Written + "P0 pin 1 G0 write\nP0 fail-nth 1\nP0 mremap 0+1 -> 1+1\nP0 write 1 = 4", 4)]
    [InlineData("P0 mmap 3+4 rw private anon\nP0 pin 5 G0 write\nP0 fail-nth 1\nP0 mremap 6+1 -> 3+1\nP0 mremap 3+3 -> 0+3\nP0 write 2 = 4",
        4)]
    [InlineData("P0 mmap 0+4 rw private anon\nP0 read 2\nP0 write 1 = 1\nP0 pin 1 G0\nP0 uffd-move 2+2 -> 0\nP0 write 1 = 4",
        4)]
    [InlineData(Written + "P0 pin 1 G1 write\nP0 pin 0 G0 get\nP0 fail-nth 8\nP0 fork P1\nP0 write 0 = 4", 3)]
    [InlineData(Written + "P0 pin 0 G0 get\nP0 reclaim 0\nP0 write 0 = 4", 4)]
    [InlineData(Written + "P0 pin 0 G0 get\nP0 mmap 8+1 rw private anon\nP0 uffd-move 0+1 -> 8\nP0 write 8 = 4", 4)]
    [InlineData(Written + "P0 pin 0 G0 get\nP0 fork P1\nP1 write 0 = 5\nP0 munmap 0+1", 3)]
    [InlineData(Written + "P0 pin 0 G0 get\nP0 fork P1\nP0 write 0 = 4", 3)]
    [InlineData(Written + "P0 fork P1\nP1 pin 0 G0 get\nP1 munmap 0+1\nP0 write 0 = 4", 3)]
    [InlineData("P0 mmap 0+1 rw private anon\nP0 pin 0 G0\nP0 write 0 = 4", 0)]
    [InlineData(Written + "P0 madvise 0+2 mergeable\nP0 write 1 = 3\nP0 pin 0 G0\nksm scan\nP0 write 0 = 4", 4)]
    [InlineData(Written + "P0 madvise 0+2 mergeable\nP0 write 1 = 3\nksm scan\nP0 pin 0 G0 get\nP0 write 0 = 4", 3)]
    [InlineData(ZeroPage + "P0 pin 0 G0\nP0 write 0 = 4", 0)]
    [InlineData(File + "P0 mmap 0+2 rw shared F0\nP0 pin 0 G0\nF0 write 0 = 6", 6)]
    [InlineData(File + "P0 mmap 0+2 rw shared F0\nP0 pin 1 G0\nF0 truncate 1\nF0 truncate 2\nF0 write 1 = 6", 7)]
    [InlineData(File + "P0 mmap 0+2 rw shared F0\nP0 pin 1 G0 write\nF0 punch 1+1\nG0 write = 5", 5)]
    [InlineData(File + "P0 mmap 0+2 rw private F0\nP0 pin 0 G0\nP0 write 0 = 4", 7)]
    [InlineData(File + "P0 mmap 0+2 rw private F0\nP0 pin 0 G0 write\nF0 write 0 = 6\nG0 write = 5", 5)]
    public void A_page_that_was_handed_out_shows(string operations, int shown)
    {
        CheckedMachine run = CheckedRun.After(operations);
        Machine machine = run.Machine;
        Pin pin = machine.Pins.Find(new PinId(0))!;
        Assert.Equal(Outcome.Of(shown), machine.Execute(new Operation.PinRead(pin.Id)));
        for (int value = 0; value < 10; value++)
        {
            if (pin.Page is null)
                break;

            pin.Page.Value = (byte)value;
            Assert.Equal(value == shown, run.Contents.CompareHeld() is null);
        }
    }

    [Theory]
    [InlineData(Written + "P0 pin 0 G0 write\nG0 write = 8", "P0 read 0", "8")]
    [InlineData(Written + "P0 pin 0 G0 write\nP0 fork P1\nG0 write = 8", "P1 read 0", "3")]
    [InlineData(File + "P0 mmap 0+2 rw shared F0\nP0 pin 0 G0 write\nG0 write = 8\nP0 fork P1", "P1 read 0", "8")]
    [InlineData(File + "P0 mmap 0+2 rw private F0\nP0 pin 0 G0 write\nG0 write = 8\nP0 mmap 4+1 r shared F0", "P0 read 4", "7")]
    public void A_store_through_a_pin_is_seen_by_its_owner(string operations, string load, string value)
    {
        ContentModel contents = CheckedRun.After(operations).Contents;
        Step right = ScenarioText.Parse($"{load} => {value}").Steps[0];
        Step wrong = ScenarioText.Parse($"{load} => 99").Steps[0];
        Assert.Equal("content", contents.Observe(wrong.Operation, wrong.Expected!)?.Invariant.Id);
        Assert.Null(contents.Observe(right.Operation, right.Expected!));
    }

    [Theory]
    [InlineData("P0 pin 0 G0 => EFAULT")]
    [InlineData("P0 mmap 0+1 r private anon\nP0 pin 0 G0 write => EFAULT\nP0 pin 0 G0 => 0\nG0 write = 1 => EPERM\nP0 pin 0 G0 => EEXIST")]
    [InlineData("P0 mmap 0+1 none private anon\nP0 pin 0 G0 get => EFAULT")]
    [InlineData("F0 create 1 tmpfs\nP0 mmap 0+2 rw shared F0\nP0 pin 1 G0 => EFAULT")]
    [InlineData("G0 read => EBADF\nG0 write = 1 => EBADF\nG0 unpin => EBADF\nP1 pin 0 G0 => ESRCH")]
    [InlineData(Written + "P0 pin 0 G0\nP0 munmap 0+2\nG0 unpin => 0\nG0 read => EBADF")]
    public void A_pin_that_cannot_be_is_refused(string operations)
    {
        var machine = new Machine();
        foreach (Step step in ScenarioText.Parse(operations).Steps)
        {
            Outcome outcome = machine.Execute(step.Operation);
            Assert.True(step.Accepts(outcome), $"{ScenarioText.Print(step.Operation)} => {outcome}");
        }
    }

    [Fact]
    public void The_last_holder_frees_the_page()
    {
        Machine machine = CheckedRun.After(Written + "P0 pin 0 G0\nP0 pin 0 G1 get\nP0 exit\nG0 unpin").Machine;
        Assert.Equal(1, machine.Frames.InUse);
        machine.Execute(new Operation.Unpin(new PinId(1)));
        Assert.Equal(0, machine.Frames.InUse);
    }
}
