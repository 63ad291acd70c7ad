using System.CommandLine;

namespace Rmap.Properties;

internal static class Program
{
    public static int Main(string[] args)
    {
        var root = new RootCommand("Verifies the reference model of Linux reverse mapping.");
        return root.Parse(args).Invoke();
    }
}
