using Rmap.Model;
using Rmap.Properties.Commands;

namespace Rmap.Properties;

internal static class Program
{
    public static int Main(string[] args) =>
        new Suite(new Screen(Console.Out, Console.Error, !Console.IsOutputRedirected), Console.OpenStandardInput, RulesCatalogue.Linux).Run(args);
}
