using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Rmap.Regressions.Mutation;

/// <summary>The mutants of a small model: which there are, and that each does what it says when it is switched on, and only then.</summary>
public sealed class MutatedModelTests : IDisposable
{
    private const string Source = """
        namespace Small;
        public static class Sums
        {
            private const int Limit = 1 + 2;
            public static bool Less(int a, int b) => a < b;
            public static int Sum(int a, int b)
            {
                int sum = 0;
                if (a > Limit && b is { } other)
                    sum += other;
                sum++;
                return sum;
            }
            public static string Told(int a) => $"{a + 1}";
            public static string Name => "x";
        }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("rmap-mutants").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Each_mutant_is_what_it_says()
    {
        (IReadOnlyList<Mutant> mutants, _) = Planted();
        Assert.Equal(
            [
                "Sums.Less: a < b -> a <= b", "Sums.Less: a < b -> a >= b",
                "Sums.Name: \"x\" -> \"\"",
                "Sums.Sum: a > Limit -> a <= Limit", "Sums.Sum: a > Limit -> a >= Limit",
                "Sums.Sum: sum += other; -> ", "Sums.Sum: sum += other; -> sum -= other", "Sums.Sum: sum++; -> ",
            ],
            mutants.Select(mutant => $"{mutant.Member}: {mutant.Was} -> {mutant.Is}").Order(StringComparer.Ordinal));
        Assert.All(mutants, mutant => Assert.Equal("Small", mutant.Room));
    }

    [Fact]
    public void One_is_on_at_most()
    {
        (IReadOnlyList<Mutant> mutants, Assembly model) = Planted();
        MethodInfo sum = model.GetType("Small.Sums")!.GetMethod("Sum")!;
        FieldInfo on = model.GetType("Rmap.Model.MutantSwitch")!.GetField("On")!;
        Assert.True(on.DeclaringType!.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false));
        int With(string instead)
        {
            on.SetValue(null, mutants.Select(mutant => $"{mutant.Was} {mutant.Is}").ToList().IndexOf(instead));
            return (int)sum.Invoke(null, [4, 5])!;
        }

        Assert.Equal(
            [6, 1, -4, 5, 6],
            new[] { "none", "a > Limit a <= Limit", "sum += other; sum -= other", "sum++; ", "none" }.Select(With));
    }

    private (IReadOnlyList<Mutant> Mutants, Assembly Model) Planted()
    {
        string sources = Directory.CreateDirectory(Path.Combine(folder, "model", "Small")).FullName;
        string made = Directory.CreateDirectory(Path.Combine(folder, "model", "obj")).FullName;
        File.WriteAllText(Path.Combine(sources, "Sums.cs"), Source);
        string assembly = Path.Combine(folder, "Small.dll");
        IReadOnlyList<Mutant> mutants = new MutatedModel(Path.Combine(folder, "model"), made).Write(assembly);
        var context = new AssemblyLoadContext("mutants", isCollectible: true);
        return (mutants, context.LoadFromStream(new MemoryStream(File.ReadAllBytes(assembly))));
    }
}
