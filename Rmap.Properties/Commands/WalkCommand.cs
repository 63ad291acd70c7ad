using System.CommandLine;
using System.Globalization;
using Rmap.Properties.Drawing;

namespace Rmap.Properties.Commands;

/// <summary><c>walk FILE --page f1</c>: <c>rmap_walk</c> from a page, place by place.</summary>
internal static class WalkCommand
{
    internal static Option<string> Page() => new("--page")
    {
        Description = "The page to walk from, as replay --state calls it: f1.",
        HelpName = "NAME",
        Required = true,
    };

    internal static int Run(Screen screen, ScenarioInput input, string page, long? after)
    {
        int steps = input.Scenario.Steps.Length;
        if (after > steps)
            return screen.Refuse($"--after {after}: {input.File.Name} has {steps} operations.\nGive a number from 0 to {steps}.");

        ScenarioSeen seen = ScenarioSeen.Of(input.File, input.Rules, (int)(after ?? steps));
        IReadOnlyList<RmapWalked> walks = seen.Steps[^1].Walks;
        if (walks.FirstOrDefault(walk => walk.Page == page) is not { } asked)
        {
            string there = walks.Count == 0 ? "There are none." : $"There are {string.Join(", ", walks.Select(walk => walk.Page))}.";
            return screen.Refuse($"There is no page '{page}' after {seen.Steps.Count - 1} operations.\n{there}");
        }

        screen.Line($"walk from {asked.Page} after {seen.Steps.Count - 1} operations");
        screen.Line(asked.Function);
        int round = 0;
        foreach ((int number, RmapPlace place) in asked.Places.Index())
        {
            TellRounds(place.Round);
            Tell(screen, number + 1, place);
        }

        TellRounds(asked.RoundsMade);
        if (asked.Ends is not null)
            screen.Line(asked.Ends);

        screen.Line();
        screen.Line($"places {asked.Places.Count}, mapped {asked.Places.Count(place => place.IsMapped)}");
        return ExitCode.Held;

        void TellRounds(int reached)
        {
            while (round < reached)
                screen.Line($"\n{RmapWalked.Rounds[++round]}");
        }
    }

    private static void Tell(Screen screen, int number, RmapPlace place)
    {
        screen.Line();
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"{number}. {(place.IsMapped ? "mapped" : "not mapped")} in {place.Vma}"));
        if (place.Item is not null)
            screen.Line($"     rmap_item  {place.Item}");

        screen.Line($"     found in   {place.Through}  {place.Interval}");
        screen.Line($"     address    {place.Address}");
        screen.Line($"     tables     {place.Tables}");
        screen.Line($"     entry      {place.Entry}");
    }
}
