using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Running;

namespace Rmap.Benchmarks;

/// <summary>The arguments are BenchmarkDotNet's: <c>--filter '*'</c>, <c>--list flat</c>, <c>--job short</c>.</summary>
internal static class Program
{
    public static void Main(string[] args) => BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, Config());

    private static IConfig Config() => DefaultConfig.Instance
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddColumn(StatisticColumn.OperationsPerSecond)
        .HideColumns(Column.Error, Column.RatioSD);
}
