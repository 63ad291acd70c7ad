using Rmap.Properties.Commands;
using Rmap.Properties.Defects;
using Rmap.Properties.Mending;
using Rmap.Properties.Racing;

namespace Rmap.Properties;

internal static class Program
{
    public static int Main(string[] args)
    {
        var screen = new Screen(Console.Out, Console.Error, !Console.IsOutputRedirected);
        RulesCatalogue catalogue = RulesCatalogue.Linux.With([.. FaultRules.All, .. DefectCatalogue.All, .. RaceCatalogue.All]);
        return new Suite(screen, Console.OpenStandardInput, catalogue).Run(args);
    }
}
