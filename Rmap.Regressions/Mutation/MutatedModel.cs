using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;

namespace Rmap.Regressions.Mutation;

/// <summary>The model with all its mutants in one assembly, of which one at most is switched on.</summary>
internal sealed class MutatedModel
{
    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Preview, DocumentationMode.None);

    private readonly CSharpCompilation original;
    private readonly HashSet<string> refused = [];
    private readonly string folder;

    /// <param name="folder">The folder of the model.</param>
    /// <param name="made">Where the sources are that its build has made.</param>
    internal MutatedModel(string folder, string made)
    {
        this.folder = folder;
        IEnumerable<SyntaxTree> own = Trees(folder).Where(tree => !IsMade(tree));
        original = CSharpCompilation.Create(
            "Rmap.Model",
            own.Concat(Trees(made)),
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
                .Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable, deterministic: true));
    }

    /// <summary>Plants all mutants, without those that do not compile, and writes the assembly.</summary>
    /// <returns>The mutants, by number.</returns>
    internal IReadOnlyList<Mutant> Write(string assembly)
    {
        while (true)
        {
            var mutants = new List<Mutant>();
            CSharpCompilation planted = Planted(mutants);
            using var stream = new MemoryStream();
            EmitResult result = planted.Emit(stream);
            if (result.Success)
            {
                File.WriteAllBytes(assembly, stream.ToArray());
                return mutants;
            }

            int before = refused.Count;
            Diagnostic[] errors = [.. result.Diagnostics.Where(each => each.Severity == DiagnosticSeverity.Error)];
            refused.UnionWith(errors.SelectMany(Guilty).Select(number => mutants[number].Key));
            if (refused.Count == before)
                throw new InvalidOperationException($"The model does not compile: {errors[0]}");
        }
    }

    private CSharpCompilation Planted(List<Mutant> mutants)
    {
        CSharpCompilation planted = original;
        foreach (SyntaxTree tree in original.SyntaxTrees.Where(tree => !IsMade(tree)))
        {
            string file = Path.GetRelativePath(folder, tree.FilePath).Replace('\\', '/');
            var mutator = new Mutator(original.GetSemanticModel(tree), file, mutants, key => !refused.Contains(key));
            SyntaxNode root = mutator.Visit(tree.GetRoot())!;
            planted = planted.ReplaceSyntaxTree(tree, tree.WithRootAndOptions(root, Parsing));
        }

        string control = $$"""
            namespace Rmap.Model;

            // Tests that look at all types of the model pass over those that were made.
            [System.Runtime.CompilerServices.CompilerGenerated]
            public static class MutantSwitch
            {
                public static readonly bool[] Reached = new bool[{{mutants.Count}}];
                public static int On = int.Parse(System.Environment.GetEnvironmentVariable("{{QuickTests.OnVariable}}") ?? "-1");
                public static bool Stop;
                public static bool Is(int mutant)
                {
                    if (Stop)
                        throw new System.TimeoutException();

                    Reached[mutant] = true;
                    return mutant == On;
                }
            }
            """;
        return planted.AddSyntaxTrees(CSharpSyntaxTree.ParseText(control, Parsing));
    }

    /// <summary>The mutants that an error is about: the one around its place, or else all of the member.</summary>
    private static IEnumerable<int> Guilty(Diagnostic error)
    {
        SyntaxNode place = error.Location.SourceTree!.GetRoot().FindNode(error.Location.SourceSpan);
        SyntaxNode? around = place.AncestorsAndSelf().FirstOrDefault(node => node.HasAnnotations(Mutator.Mark));
        SyntaxNode where = around ?? place.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? place;
        IEnumerable<SyntaxNode> marked = around is null ? where.DescendantNodesAndSelf() : [around];
        return marked.SelectMany(node => node.GetAnnotations(Mutator.Mark)).Select(mark => int.Parse(mark.Data!));
    }

    private static bool IsMade(SyntaxTree tree) =>
        tree.FilePath.Split(Path.DirectorySeparatorChar) is var parts && (parts.Contains("obj") || parts.Contains("bin"));

    private static IEnumerable<SyntaxTree> Trees(string folder) =>
        Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), Parsing, path));
}
