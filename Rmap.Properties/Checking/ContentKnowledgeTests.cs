using System.Security.Cryptography;
using System.Text;
using Rmap.Properties.Campaigns;
using Rmap.Properties.Generating;
using Rmap.Properties.Running;

namespace Rmap.Properties.Checking;

/// <summary>What the content model knows of every page of every process after a scenario: what a load may return, what is open.</summary>
public class ContentKnowledgeTests
{
    [Fact]
    public Task Objects() => Verify(Told(ContentScenarios.Objects));

    [Fact]
    public Task Processes() => Verify(Told(ContentScenarios.Processes));

    [Fact]
    public Task Ranges() => Verify(Told(ContentScenarios.Ranges));

    [Fact]
    public Task Freed() => Verify(Told(ContentScenarios.Freed));

    [Fact]
    public Task Moves() => Verify(Told(ContentScenarios.Moves));

    [Fact]
    public Task Long() => Verify(Told(ContentScenarios.Long));

    /// <summary>
    /// For each profile a digest of all that is known at the ends of generated cases, and how often each thing is known in any: if the
    /// model comes to know less, no check need fail, as it excuses more.
    /// </summary>
    [Fact]
    public Task Generated()
    {
        var told = new StringBuilder();
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (Profile profile in Profile.All)
        {
            var all = new StringBuilder();
            for (ulong seed = 1; seed <= 60; seed++)
            {
                string known = Known(RunOf(profile, seed));
                all.Append(known);
                foreach (string word in known.Split('\n').SelectMany(line => line.Split(", ").Skip(1)))
                {
                    string kind = string.Concat(word.Where(letter => !char.IsAsciiDigit(letter)));
                    counts[kind] = counts.GetValueOrDefault(kind) + 1;
                }
            }

            byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString()));
            told.Append($"{profile.Name,-8} {Convert.ToHexStringLower(digest)[..16]}\n");
        }

        told.Append('\n');
        foreach ((string kind, int count) in counts)
        {
            told.Append($"{count,7}  {kind}\n");
        }

        return Verify(told.ToString().TrimEnd());
    }

    [Fact]
    public void What_a_campaign_has_excused_is_counted()
    {
        var campaign = new Campaign(new CampaignPlan(new Linux618(), [Profile.Find("reclaim")!], Scenarios: 1_000));
        Assert.Empty(campaign.Run());
        Assert.InRange(campaign.Excused.Single(each => each.Fault == KnownFault.DontUnmapCountsLockedTwice).Pages, 5, 200);
    }

    private static CheckedMachine RunOf(Profile profile, ulong seed)
    {
        var chooser = new OperationChooser(profile, seed, Limits.Default);
        var run = new CheckedMachine(new Linux618(), chooser.Options);
        for (int step = 0; step < Limits.Default.Operations; step++)
            Assert.Null(run.Execute(chooser.Next(run.Machine), out _));

        return run;
    }

    /// <summary>Whichever allocation fails, no page is another than what is known of it.</summary>
    [Theory]
    [InlineData("P0 mmap 1+2 r private anon")]
    [InlineData("P0 mmap 0+8 r shared anon")]
    [InlineData("P0 munmap 1+2")]
    [InlineData("P0 mprotect 1+4 r")]
    [InlineData("P0 mlock 1+1")]
    [InlineData("P0 madvise 1+1 dontfork\nP0 fork P1")]
    [InlineData("P0 madvise 1+4 wipeonfork\nP0 fork P1\nP1 read 1")]
    [InlineData("P0 madvise 1+1 mergeable")]
    [InlineData("P0 mremap 1+2 -> 16+2")]
    [InlineData("P0 mremap 0+6 -> 16+6")]
    [InlineData("P0 mremap 0+3 -> +1")]
    [InlineData("P0 mremap 0+3 -> 4+2")]
    [InlineData("P0 mremap 0+2 -> 16+6 maymove")]
    [InlineData("P0 mremap 0+2 -> 16+2 maymove fixed dontunmap")]
    [InlineData("P0 fork P1\nP0 fork P2")]
    [InlineData("P0 shmdt 8")]
    [InlineData("P0 write 3 = 9")]
    public void Whatever_fails_the_pages_are_what_is_known(string operations)
    {
        const string Before = "S0 shmget 3\nP0 mmap 0+3 rw private anon\nP0 mmap 3+3 rw private anon\nP0 mprotect 4+1 rx\nP0 shmat S0 8\n"
            + "P0 write 0 = 1\nP0 write 1 = 2\nP0 write 2 = 3\nP0 write 8 = 4\nP0 pin 1 G0\n";
        for (int nth = 1; nth < 12; nth++)
        {
            var run = new CheckedMachine(new Linux618(), MachineOptions.Default);
            foreach (Step step in ScenarioText.Parse($"{Before}P0 fail-nth {nth}\n{operations}").Steps)
                Assert.Null(run.Execute(step.Operation, out _));

            foreach (Process process in run.Machine.Processes.ToArray())
            {
                for (long page = 0; page < 24; page++)
                    Assert.Null(run.Execute(new Operation.Read(process.Id, new(page)), out _));
            }
        }
    }

    private static string Told(string scenarios) => string.Join("\n", scenarios.ReplaceLineEndings("\n").Split("\n\n").Select(After));

    private static string After(string operations)
    {
        Scenario scenario = ScenarioText.Parse(operations);
        var run = new CheckedMachine(new Linux618(), scenario.Options);
        var told = new StringBuilder();
        foreach (string option in operations.Split('\n').Where(line => line.StartsWith("option", StringComparison.Ordinal)))
            told.Append($"{option}\n");

        foreach (Step step in scenario.Steps)
        {
            Violation? violation = run.Execute(step.Operation, out Outcome? outcome);
            Assert.True(violation is null, $"{ScenarioText.Print(step.Operation)} => {outcome}\n{violation}");
            told.Append($"{ScenarioText.Print(step.Operation)}{(outcome!.Succeeded ? "" : $" => {outcome}")}\n");
        }

        return told.Append(Known(run)).ToString();
    }

    private static string Known(CheckedMachine run)
    {
        var told = new StringBuilder();
        foreach ((int number, ContentSpace space) in run.Contents.Processes)
        {
            told.Append($"  P{number}{(space.IsMergeAny ? ", merge-any" : "")}\n");
            foreach ((PageRange range, ContentArea area) in space.Stretches)
            {
                string attachment = area.Attachment > 0 ? $", attachment {area.Attachment}" : "";
                told.Append($"    {range,-9}{ContentModel.Describe(area, range.Start.Number)}{attachment}\n");
            }

            for (int i = 0; i < space.Copies.Count; i++)
                told.Append($"      {space.Copies.PageAt(i),-7}{Known(space.Copies.At(i))}\n");
        }

        foreach (AddressSpace file in run.Machine.Files.All)
        {
            if (run.Contents.Find(file.Name) is { } known)
            {
                string values = string.Concat(known.Values.Select(page => $", {page.Key}: {page.Value}"));
                told.Append($"  {file.Name}  {known.Pages} pages{values}\n");
            }
        }

        foreach (Pin pin in run.Machine.Pins.All)
        {
            HeldPage held = run.Contents.HeldBy(pin.Id)!;
            string page = held.Object is null ? "" : $" as page {held.Index}";
            told.Append($"  {pin.Id}  {held.Value}{page}{(held.MayPart ? ", or apart" : "")}\n");
        }

        foreach (KnownFault fault in Enum.GetValues<KnownFault>().Where(fault => run.Contents.Faults.Met(fault) > 0))
            told.Append($"  {fault} {run.Contents.Faults.Met(fault)}\n");

        return told.ToString();
    }

    private static string Known(in ContentCopy copy) => $"{copy.Value}{(copy.MayBeDropped ? ", may be dropped" : "")}"
        + $"{(copy.MayBeUnread ? ", may be unread" : "")}{(copy.MayBeShared ? ", may be shared" : "")}{(copy.IsHeld ? ", held" : "")}";
}
