using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Rmap.Regressions.Mutation;

/// <summary>How members of the model are called: <c>AnonVmas.Fork</c>, with all types around them; overloads are called alike.</summary>
internal static class Members
{
    /// <summary>The member that a piece of source stands in; that of a type's own header is the type.</summary>
    internal static string NameAt(SyntaxNode node) => string.Join('.', node.AncestorsAndSelf().Select(NameOf).OfType<string>().Reverse());

    /// <summary>All members and types that a source file declares.</summary>
    internal static IEnumerable<string> DeclaredIn(string source) =>
        CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Preview)).GetRoot().DescendantNodes()
            .Where(node => NameOf(node) is not null).Select(NameAt);

    private static string? NameOf(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        MethodDeclarationSyntax method => method.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        IndexerDeclarationSyntax => "this",
        ConstructorDeclarationSyntax => "new",
        OperatorDeclarationSyntax made => $"operator {made.OperatorToken.Text}",
        ConversionOperatorDeclarationSyntax made => $"operator {made.Type}",
        VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax } field => field.Identifier.Text,
        EventDeclarationSyntax made => made.Identifier.Text,
        _ => null,
    };
}
