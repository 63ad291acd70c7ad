using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Rmap.Properties.Architecture;

/// <summary>
/// Reads arrows out of source text with the compiler's own eyes. A file uses the types that it names, the members that it names or calls
/// without a name, and the type of every value in it: whoever holds a thing knows of it. Documentation and imports draw no arrows.
/// </summary>
internal sealed class ArrowReader
{
    /// <summary>What every project of the SDK imports.</summary>
    private static readonly string[] ImplicitUsings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
    ];

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Preview, DocumentationMode.None);

    /// <summary>The packages and the runtime that the tests run with; the projects themselves are read from source.</summary>
    private static readonly Lazy<MetadataReference[]> Packages = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("Rmap.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    private readonly List<CSharpCompilation> compilations = [];
    private readonly List<Arrow> arrows = [];
    private readonly List<string> unknown = [];

    /// <summary>What types are called, and what imports call them.</summary>
    private readonly HashSet<string> typeNames = [];

    /// <summary>The arrows of all projects read so far, in order of files and lines.</summary>
    internal IReadOnlyList<Arrow> Arrows => arrows;

    /// <summary>Names that mean nothing to the compiler, with their places: arrows may be missing there.</summary>
    internal IReadOnlyList<string> Unknown => unknown;

    /// <summary>Reads a project that uses those read before it.</summary>
    internal void Read(Project project, IEnumerable<Source> sources)
    {
        SyntaxTree[] trees = [.. sources.Select(source => CSharpSyntaxTree.ParseText(source.Text, Parsing, source.Path))];
        var compilation = CSharpCompilation.Create(
            project.Name,
            trees.Prepend(ImportsOf(project)),
            [.. Packages.Value, .. compilations.Select(used => used.ToMetadataReference())],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        compilations.Add(compilation);
        typeNames.UnionWith(
            trees.SelectMany(tree => tree.GetRoot().DescendantNodes(node => !IsCode(node))).Select(NameOfType).OfType<string>());
        foreach ((List<Arrow> found, List<string> missing) in trees.AsParallel().AsOrdered().Select(tree => Read(compilation, tree)))
        {
            arrows.AddRange(found);
            unknown.AddRange(missing);
        }
    }

    private static SyntaxTree ImportsOf(Project project)
    {
        IEnumerable<string> friends = Project.All.Select(friend =>
            $"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{friend.Name}\")]");
        return CSharpSyntaxTree.ParseText(
            string.Concat(ImplicitUsings.Concat(project.Usings).Select(name => $"global using {name};\n")) + string.Concat(friends),
            Parsing);
    }

    private static string? NameOfType(SyntaxNode declaration) => declaration switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        DelegateDeclarationSyntax type => type.Identifier.Text,
        UsingDirectiveSyntax { Alias.Name.Identifier.Text: var alias } => alias,
        _ => null,
    };

    private (List<Arrow> Arrows, List<string> Unknown) Read(CSharpCompilation compilation, SyntaxTree tree)
    {
        SemanticModel meaning = compilation.GetSemanticModel(tree);
        var found = new List<Arrow>();
        var missing = new List<string>();
        foreach ((SyntaxNode place, ISymbol? symbol) in Named(meaning, tree).Concat(Meant(meaning, tree)))
        {
            int line = place.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
            if (symbol is null or IErrorTypeSymbol)
                missing.Add($"{tree.FilePath}:{line} {place}");
            else if (DeclaredElsewhere(symbol, tree) is { } arrow)
                found.Add(arrow with { Line = line });
        }

        return ([.. found.Distinct()], missing);
    }

    /// <summary>What a file names.</summary>
    private IEnumerable<(SyntaxNode Place, ISymbol? Symbol)> Named(SemanticModel meaning, SyntaxTree tree) =>
        from name in tree.GetRoot().DescendantNodes(node => node is not UsingDirectiveSyntax).OfType<SimpleNameSyntax>()
        where name.Identifier.Text != "nameof" && name.Parent is not BaseNamespaceDeclarationSyntax && MayBeUnmeant(name)
        let info = meaning.GetSymbolInfo(name)
        let symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault()
        from part in symbol is ITypeSymbol type ? PartsOf(type) : [symbol]
        select ((SyntaxNode)name, part);

    /// <summary>
    /// Whether a name may be part of nothing that code means: it is in a declaration, in a parameter or attribute of a lambda or local
    /// function, or it is that of a type. Of the others in code nobody asks, as a name in a lambda may cost the lambda.
    /// </summary>
    private bool MayBeUnmeant(SimpleNameSyntax name) =>
        typeNames.Contains(name.Identifier.Text)
        || name.Ancestors().FirstOrDefault(node => IsCode(node) || node is ParameterSyntax or AttributeSyntax)
            is null or ParameterSyntax or AttributeSyntax or EqualsValueClauseSyntax { Parent: ParameterSyntax };

    /// <summary>What the code of a file means: asked for a body at once, as a name in a lambda would cost the lambda.</summary>
    private static IEnumerable<(SyntaxNode Place, ISymbol? Symbol)> Meant(SemanticModel meaning, SyntaxTree tree) =>
        from code in tree.GetRoot().DescendantNodes(node => !IsCode(node))
        where IsCode(code)
        let body = meaning.GetOperation(code)
        where body is not null
        from operation in body.DescendantsAndSelf()
        from symbol in MeantBy(operation)
        select (operation.Syntax, symbol);

    private static bool IsCode(SyntaxNode node) => node is BlockSyntax or ArrowExpressionClauseSyntax or EqualsValueClauseSyntax
        or ConstructorInitializerSyntax;

    /// <summary>The member and the types that a piece of code means; null where it means nothing.</summary>
    private static IEnumerable<ISymbol?> MeantBy(IOperation operation)
    {
        if (operation is IInvalidOperation)
            return [null];

        ISymbol? member = operation switch
        {
            IMemberReferenceOperation reference => reference.Member,
            IInvocationOperation invocation => invocation.TargetMethod,
            IObjectCreationOperation creation => creation.Constructor,
            IBinaryOperation binary => binary.OperatorMethod,
            IUnaryOperation unary => unary.OperatorMethod,
            IConversionOperation conversion => conversion.OperatorMethod,
            _ => null,
        };
        ITypeSymbol? type = operation switch
        {
            IVariableDeclaratorOperation variable => variable.Symbol.Type,
            IPatternOperation pattern => pattern.NarrowedType,
            IIsTypeOperation test => test.TypeOperand,
            ITypeOfOperation typeOf => typeOf.TypeOperand,
            ISizeOfOperation sizeOf => sizeOf.TypeOperand,
            ICatchClauseOperation caught => caught.ExceptionType,
            _ => operation.Type,
        };
        IEnumerable<ITypeSymbol?> arguments = member is IMethodSymbol method ? method.TypeArguments : [];
        IEnumerable<ISymbol?> types = arguments.Append(type).OfType<ITypeSymbol>().SelectMany(PartsOf);
        return types.Concat(ArgumentsOf(member?.ContainingType)).Concat(CalledBy(operation).Append(member).OfType<ISymbol>());
    }

    /// <summary>The members that a statement calls because of what they are called, without naming them.</summary>
    private static IEnumerable<ISymbol?> CalledBy(IOperation operation)
    {
        SemanticModel meaning = operation.SemanticModel!;
        switch (operation)
        {
            case IForEachLoopOperation { Syntax: CommonForEachStatementSyntax syntax }:
                ForEachStatementInfo loop = meaning.GetForEachStatementInfo(syntax);
                IEnumerable<ISymbol?> deconstructs =
                    syntax is ForEachVariableStatementSyntax parts ? MethodsOf(meaning.GetDeconstructionInfo(parts)) : [];
                return [loop.GetEnumeratorMethod, loop.MoveNextMethod, loop.CurrentProperty, loop.DisposeMethod, .. deconstructs];
            case IDeconstructionAssignmentOperation { Syntax: AssignmentExpressionSyntax syntax }:
                return MethodsOf(meaning.GetDeconstructionInfo(syntax));
            case IRecursivePatternOperation pattern:
                return [pattern.DeconstructSymbol];
            case IAwaitOperation { Syntax: AwaitExpressionSyntax syntax }:
                AwaitExpressionInfo wait = meaning.GetAwaitExpressionInfo(syntax);
                return [wait.GetAwaiterMethod, wait.IsCompletedProperty, wait.GetResultMethod];
            default:
                return [];
        }
    }

    private static IEnumerable<ISymbol?> MethodsOf(DeconstructionInfo deconstruction) =>
        deconstruction.Nested.SelectMany(MethodsOf).Prepend(deconstruction.Method);

    /// <summary>A type and those it is made of.</summary>
    private static IEnumerable<ISymbol?> PartsOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => PartsOf(array.ElementType),
        IPointerTypeSymbol pointer => PartsOf(pointer.PointedAtType),
        IFunctionPointerTypeSymbol { Signature: var function } =>
            function.Parameters.Select(parameter => parameter.Type).Append(function.ReturnType).SelectMany(PartsOf),
        INamedTypeSymbol named => ArgumentsOf(named).Prepend(named),
        _ => [],
    };

    /// <summary>What a type is made with: its type arguments, and those of the types around it.</summary>
    private static IEnumerable<ISymbol?> ArgumentsOf(INamedTypeSymbol? type) =>
        type is null ? [] : type.TypeArguments.SelectMany(PartsOf).Concat(ArgumentsOf(type.ContainingType));

    private static Arrow? DeclaredElsewhere(ISymbol symbol, SyntaxTree here)
    {
        symbol = (symbol as IMethodSymbol)?.ReducedFrom ?? symbol.OriginalDefinition;
        if (symbol is not (INamedTypeSymbol or IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol))
            return null;

        string[] files = FilesOf(symbol);
        return files.Length == 0 || files.Contains(here.FilePath)
            ? null
            : new Arrow(here.FilePath, 0, files[0], NameOf(symbol), TypeOf(symbol));
    }

    /// <summary>The files that declare a symbol, or the type it came with; of a type in parts, the one named like it first.</summary>
    private static string[] FilesOf(ISymbol symbol)
    {
        ISymbol declared = symbol.DeclaringSyntaxReferences.IsEmpty ? (ISymbol?)symbol.ContainingType ?? symbol : symbol;
        return
        [
            .. declared.DeclaringSyntaxReferences.Select(reference => reference.SyntaxTree.FilePath)
                .OrderBy(path => Path.GetFileNameWithoutExtension(path) == declared.Name ? 0 : 1),
        ];
    }

    private static string NameOf(ISymbol symbol) => symbol switch
    {
        { ContainingType: null } => symbol.Name,
        IMethodSymbol { MethodKind: MethodKind.Constructor } => $"new {NameOf(symbol.ContainingType)}",
        _ => $"{NameOf(symbol.ContainingType)}.{symbol.Name}",
    };

    private static string TypeOf(ISymbol symbol) => symbol switch
    {
        IMethodSymbol method => method.ReturnType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat),
        IPropertySymbol property => property.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat),
        IFieldSymbol field => field.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat),
        _ => "",
    };
}
