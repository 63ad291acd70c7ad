using Rmap.Properties.Generating;
using Rmap.Properties.Running;

namespace Rmap.Properties.Shrinking;

/// <summary>
/// Brings a failing scenario to a minimal one that breaks the same invariant:
/// <list type="number">
/// <item>cut what comes after the failing step;</item>
/// <item>take out chunks of a half, a quarter, ... of the operations, down to single ones, until none can go;</item>
/// <item>plainer settings; take out pairs, for operations that only make sense together;</item>
/// <item>take out an operation that others refer to (a fork, an exit, an mremap) and change those; take out an operation and let a
/// mapping be larger instead;</item>
/// <item>fewer processes, pages and values, everywhere at once;</item>
/// <item>a plainer form of one operation; a store in place of MAP_LOCKED;</item>
/// <item>take out an operation and put another in the place of one that stays, of all that the <see cref="Vocabulary"/> has;</item>
/// <item>draw shorter cases afresh from the kinds of operations that are left, over few pages: taking out cannot get from one way of
/// failing to another; if any of these helped, once more from 2.</item>
/// </list>
/// A candidate is taken only if its <see cref="Cost"/> is lower. So the result is never larger, it is the same every time, and it
/// is 1-minimal: without any one of its operations the invariant holds. What failing means is up to an <see cref="IFault"/>.
/// </summary>
public sealed class Minimiser
{
    private const int MostRuns = 20_000;
    private const int MostDraws = 3_000;
    private const int LongestReplaced = 12;
    private const int MostStores = 4;

    private readonly IFault fault;
    private Operation[] best;
    private MachineOptions options;
    private int runs;

    private Minimiser(Scenario scenario, int step, IFault fault)
    {
        this.fault = fault;
        options = scenario.Options;
        best = [.. scenario.Steps.Take(step + 1).Select(each => each.Operation)];
    }

    /// <summary>The minimal scenario, and the failure it ends in.</summary>
    /// <param name="scenario">A scenario that fails.</param>
    /// <param name="failure">How it fails.</param>
    /// <param name="rules">The rules under which it does.</param>
    public static (Scenario Scenario, Failure Failure) Minimise(Scenario scenario, Failure failure, Rules rules)
    {
        Scenario minimal = Minimise(scenario, failure.Step, new BrokenInvariantFault(rules, failure.Violation.Invariant.Id));
        return (minimal, ScenarioRunner.FirstFailure(minimal, rules, Costs.Contains(failure.Violation.Invariant.Id))!);
    }

    /// <summary>The minimal scenario with a fault.</summary>
    /// <param name="scenario">A scenario that has it.</param>
    /// <param name="step">The step at which it shows.</param>
    /// <param name="fault">The fault.</param>
    public static Scenario Minimise(Scenario scenario, int step, IFault fault)
    {
        var minimiser = new Minimiser(scenario, step, fault);
        minimiser.Run();
        return new Scenario([.. minimiser.best.Select(operation => new Step(operation))], minimiser.options, scenario.Rules);
    }

    /// <summary>The simplest of some minimal scenarios, the first of those that cost the same.</summary>
    internal static (Scenario Scenario, Failure Failure) Simplest(IEnumerable<(Scenario Scenario, Failure Failure)> minimal) =>
        minimal.MinBy(each => Cost.Of([.. each.Scenario.Steps.Select(step => step.Operation)]));

    private void Run()
    {
        bool improved = true;
        while (improved)
        {
            TakeOutChunks();
            bool plainer = PlainerOptions();
            TakeOutPairs();
            improved = plainer | Shorter() | LargerMappings() | FewerProcesses() | FewerPages() | FewerValues() | PlainerForms()
                | StoresForLocks() || Replace() || Redraw();
        }
    }

    private void TakeOutChunks()
    {
        for (int size = Math.Max(1, best.Length / 2); size >= 1; size /= 2)
        {
            bool again = true;
            while (again)
            {
                again = false;
                for (int start = best.Length - size; start >= 0; start -= size)
                {
                    again |= Try([.. best[..start], .. best[(start + size)..]]);
                    start = Math.Min(start, best.Length);
                }

                again &= size == 1;
            }
        }
    }

    private void TakeOutPairs()
    {
        for (int second = best.Length - 1; second > 0; second--)
        {
            for (int first = second - 1; first >= 0; first--)
            {
                if (second < best.Length
                    && Try([.. best[..first], .. best[(first + 1)..second], .. best[(second + 1)..]]))
                {
                    second = Math.Min(second, best.Length);
                    first = Math.Min(first, second);
                }
            }
        }
    }

    private (int Parent, int Child)? ForkAt(int at) =>
        best[at] is Operation.Fork or Operation.CloneVm && Mentioned.Processes(best[at]) is [var parent, var child]
            ? (parent.Number, child.Number)
            : null;

    /// <summary>Without a fork: the parent does what the child did, and one of them need not exit.</summary>
    private Operation[] Folded(int at, int parent, int child, int? exiting)
    {
        OperationRewriter rename = new OperationRewriter.RenameProcess(child, parent);
        var folded = new List<Operation>(best[..at]);
        foreach (Operation operation in best[(at + 1)..])
        {
            if (operation is Operation.Exit exit && exit.Process.Number == exiting)
            {
                // From here on the number of the one that exited may stand for a new process.
                rename = exiting == parent ? new OperationRewriter.SwapProcesses(parent, child) : new OperationRewriter.Same();
                exiting = null;
            }
            else
            {
                folded.Add(rename.Rewrite(operation));
            }
        }

        return [.. folded];
    }

    /// <summary>Takes out an operation, and lets a mapping be larger instead.</summary>
    private bool LargerMappings()
    {
        bool improved = false;
        for (int at = 0; at < best.Length; at++)
        {
            for (int victim = best.Length - 1; victim >= 0; victim--)
            {
                if (at < best.Length && victim < best.Length && victim != at && best[at] is Operation.Mmap mmap)
                {
                    improved |= Larger(mmap).Any(larger => Try(
                        [.. best.Select((operation, i) => i == at ? larger : operation).Where((_, i) => i != victim)]));
                }
            }
        }

        return improved;
    }

    private static IEnumerable<Operation.Mmap> Larger(Operation.Mmap mmap)
    {
        for (int more = 1; more <= 3; more++)
        {
            yield return mmap with { Range = mmap.Range with { End = mmap.Range.End + more } };
            if (mmap.Range.Start.Number >= more)
                yield return mmap with { Range = mmap.Range with { Start = mmap.Range.Start - more } };
        }
    }

    private bool PlainerOptions() =>
        TryOptions(options with { SwapSync = false })
        | TryOptions(options with { FaultAround = 1 })
        | TryOptions(options with { PgoffLimit = MachineOptions.Default.PgoffLimit })
        | TryOptions(options with { KsmMaxPageSharing = MachineOptions.Default.KsmMaxPageSharing })
        | TryOptions(options with { KsmUseZeroPages = false })
        | TryOptions(options with { UserModeLinux = false })
        | TryOptions(options with { MaxMapCount = MachineOptions.Default.MaxMapCount })
        | TryOptions(options with { Frames = MachineOptions.Default.Frames })
        | TryOptions(options with { MmapBase = MachineOptions.Default.MmapBase });

    private bool TryOptions(MachineOptions plainer)
    {
        if (plainer == options || Fails(best, plainer, 0) is null)
            return false;

        options = plainer;
        return true;
    }

    private bool FewerProcesses()
    {
        bool improved = false;
        int most = best.Select(HighestProcess).DefaultIfEmpty(0).Max();
        for (int from = most; from > 0; from--)
        {
            for (int to = 0; to < from; to++)
                improved |= TryRewritten(new OperationRewriter.RenameProcess(from, to));
        }

        return improved;
    }

    private bool FewerPages()
    {
        bool improved = false;
        long[] pages = [.. best.SelectMany(PagesNamed.By).Distinct().OrderDescending()];
        foreach ((int place, long page) in pages.Index())
        {
            long below = place + 1 < pages.Length ? pages[place + 1] : 0;
            for (long gap = page - below; gap > 1; gap /= 2)
                improved |= TryRewritten(new OperationRewriter.DeletePages(page - gap, gap));

            for (long at = page; at >= 0 && TryRewritten(new OperationRewriter.DeletePages(at)); at--)
                improved = true;

            improved |= page > 0 && TryRewritten(new OperationRewriter.DeletePages(page - 1));
        }

        return improved;
    }

    private bool FewerValues()
    {
        bool improved = false;
        for (byte from = 255; from > 0; from--)
        {
            for (byte to = 0; to < Math.Min(from, (byte)4); to++)
                improved |= TryRewritten(new OperationRewriter.ReplaceValue(from, to));
        }

        return improved;
    }

    private bool PlainerForms()
    {
        bool improved = false;
        for (int i = 0; i < best.Length; i++)
        {
            foreach (Operation form in Simpler.Forms(best[i]))
            {
                if (i < best.Length && form != best[i])
                    improved |= Try([.. best[..i], form, .. best[(i + 1)..]]);
            }
        }

        return improved;
    }

    /// <summary>A store to one page of a mapping, for MAP_LOCKED, which stores to all of them.</summary>
    private bool StoresForLocks()
    {
        bool improved = false;
        for (int i = best.Length - 1; i >= 0; i--)
        {
            for (long page = 0; best[i] is Operation.Mmap { Locked: true } mmap && page < Math.Min(mmap.Range.Pages, MostStores); page++)
            {
                var store = new Operation.Write(mmap.Process, mmap.Range.Start + page, 0);
                improved |= Try([.. best[..i], mmap with { Locked = false }, store, .. best[(i + 1)..]]);
            }
        }

        return improved;
    }

    /// <summary>One of the scenarios that are one operation shorter, if it will do.</summary>
    private bool Shorter()
    {
        bool improved = false;
        foreach (Operation[] shorter in Shortened().ToArray())
            improved |= Try(shorter);

        return improved;
    }

    /// <summary>
    /// Scenarios without an operation that others refer to: a fork, and the parent does what the child did; an exit, and a new process
    /// has a number of its own; an mremap, and what follows trades the place it would have moved from for the one it would have moved to.
    /// </summary>
    private IEnumerable<Operation[]> Shortened()
    {
        for (int at = best.Length - 1; at >= 0; at--)
        {
            switch (best[at])
            {
                case Operation.Fork or Operation.CloneVm when ForkAt(at) is var (parent, child):
                    yield return Folded(at, parent, child, null);
                    yield return Folded(at, parent, child, parent);
                    yield return Folded(at, parent, child, child);
                    break;
                case Operation.Exit exit:
                    yield return Without(at, new OperationRewriter.RenameProcess(exit.Process.Number, best.Max(HighestProcess) + 1));
                    break;
                case Operation.Mremap { Target: { } target } mremap:
                    yield return Without(at, new OperationRewriter.SwapPages(mremap.Range.Start, target, mremap.Range.Pages));
                    break;
            }
        }
    }

    private Operation[] Without(int at, OperationRewriter behind) =>
        [.. best[..at], .. best[(at + 1)..].Select(behind.Rewrite)];

    /// <summary>
    /// Puts one operation in the place of another in a scenario that is one operation shorter, whatever it was that went, and perhaps has
    /// a larger mapping.
    /// </summary>
    private bool Replace()
    {
        if (best.Length > LongestReplaced)
            return false;

        var shorter = new List<Operation[]>(Shortened());
        shorter.AddRange(Enumerable.Range(0, best.Length).Select(at => (Operation[])[.. best[..at], .. best[(at + 1)..]]));
        shorter.AddRange([.. shorter.SelectMany(WithLargerMapping)]);
        return shorter.Exists(Replace);
    }

    private static IEnumerable<Operation[]> WithLargerMapping(Operation[] operations) =>
        from at in Enumerable.Range(0, operations.Length)
        where operations[at] is Operation.Mmap
        select (Operation[])[.. operations[..at], Larger((Operation.Mmap)operations[at]).First(), .. operations[(at + 1)..]];

    private bool Replace(Operation[] shorter)
    {
        Operation[] vocabulary = Vocabulary.Of(shorter);
        for (int at = shorter.Length - 1; at >= 0; at--)
        {
            foreach (Operation one in vocabulary)
            {
                if (one != shorter[at] && Try([.. shorter[..at], one, .. shorter[(at + 1)..]]))
                    return true;
            }
        }

        return false;
    }

    private bool Redraw()
    {
        Profile profile = Profile.Of(best.Select(OperationChooser.KindOf));
        var limits = new Limits(Processes: 3, Pages: 6, Operations: best.Length - 1, IsPlain: true);
        if (fault.Draw(profile, limits, MostDraws) is not { } scenario)
            return false;

        best = [.. scenario.Steps.Select(step => step.Operation)];
        options = scenario.Options;
        return true;
    }

    private bool TryRewritten(OperationRewriter rewriter)
    {
        Operation[] rewritten = Array.ConvertAll(best, rewriter.Rewrite);
        return !rewritten.AsSpan().SequenceEqual(best) && Try(rewritten);
    }

    /// <summary>Takes the candidate, cut after the step at which it fails, if it costs less and breaks the same invariant.</summary>
    private bool Try(Operation[] candidate)
    {
        if (Cost.Of(candidate) >= Cost.Of(best) || Fails(candidate, options, candidate.AsSpan().CommonPrefixLength(best)) is not { } step)
            return false;

        best = candidate[..(step + 1)];
        return true;
    }

    /// <param name="candidate">A scenario.</param>
    /// <param name="candidateOptions">Its settings.</param>
    /// <param name="known">So many operations that it begins with do not show the fault, for the best one begins with them.</param>
    private int? Fails(Operation[] candidate, MachineOptions candidateOptions, int known) =>
        runs++ >= MostRuns ? null : fault.StepOf(candidate, candidateOptions, known);

    private static int HighestProcess(Operation operation) =>
        Mentioned.Processes(operation).Select(process => process.Number).DefaultIfEmpty(0).Max();

    /// <summary>The pages at the ends of what an operation names.</summary>
    private sealed class PagesNamed : Operands
    {
        private readonly List<long> pages = [];

        internal static IEnumerable<long> By(Operation operation)
        {
            var named = new PagesNamed();
            OperationTable.Through(operation, named);
            return named.pages;
        }

        internal override VirtualPage Page(VirtualPage page, string json = "")
        {
            pages.Add(page.Number);
            return page;
        }

        internal override PageRange Range(PageRange range, string start = "", string length = "")
        {
            pages.AddRange([range.Start.Number, range.End.Number - 1]);
            return range;
        }

        internal override PageRange Source(PageRange range) => PageRange.Of(Page(range.Start), range.Pages);

        internal override (VirtualPage? Target, long NewLength, MremapFlags Flags) Move(Operation.Mremap mremap)
        {
            pages.AddRange(mremap.Target is { } target ? [target.Number] : []);
            return base.Move(mremap);
        }
    }
}
