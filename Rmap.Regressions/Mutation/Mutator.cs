using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Rmap.Regressions.Mutation;

/// <summary>
/// Plants all mutants of a source file at once, each behind a switch: <c>a &lt; b</c> becomes
/// <c>(MutantSwitch.Is(7) ? a &lt;= b : a &lt; b)</c>. Left alone are interpolated strings, constants and attributes.
/// </summary>
internal sealed class Mutator(SemanticModel meaning, string file, List<Mutant> mutants, Func<string, bool> takes) : CSharpSyntaxRewriter
{
    /// <summary>Marks the code of a mutant with its number, so that the compiler's complaints find it.</summary>
    internal const string Mark = "mutant";

    private readonly Dictionary<string, int> alike = [];

    public override SyntaxNode? Visit(SyntaxNode? node)
    {
        return node switch
        {
            null or AttributeListSyntax or InterpolatedStringExpressionSyntax or ParameterListSyntax or EnumMemberDeclarationSyntax
                or PatternSyntax or SwitchLabelSyntax or LocalDeclarationStatementSyntax { IsConst: true } => node,
            FieldDeclarationSyntax field when field.Modifiers.Any(SyntaxKind.ConstKeyword) => node,
            MethodDeclarationSyntax { ExpressionBody: { } body } method when IsStatement(body.Expression) && ReturnsNothing(method) =>
                method.WithExpressionBody(null).WithSemicolonToken(default)
                    .WithBody(Block(Skippable(ExpressionStatement(body.Expression), body.Expression))),
            StatementSyntax statement => Statement(statement),
            ExpressionSyntax expression => Expression(expression),
            _ => base.Visit(node),
        };
    }

    private bool ReturnsNothing(MethodDeclarationSyntax method) => meaning.GetDeclaredSymbol(method)!.ReturnsVoid;

    private static bool IsStatement(ExpressionSyntax expression) => expression is InvocationExpressionSyntax
        or AssignmentExpressionSyntax { Right: not ThrowExpressionSyntax } or ConditionalAccessExpressionSyntax
        or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression }
        or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression };

    private SyntaxNode? Statement(StatementSyntax statement) => statement switch
    {
        ExpressionStatementSyntax { Expression: var done } when IsStatement(done) && !Declares(done) && !Initialises(done) =>
            Skippable((StatementSyntax)base.Visit(statement)!, statement),
        ContinueStatementSyntax or ReturnStatementSyntax { Expression: null } or YieldStatementSyntax =>
            Skippable((StatementSyntax)base.Visit(statement)!, statement),
        BreakStatementSyntax { Parent: not SwitchSectionSyntax } => Skippable(statement, statement),
        _ => base.Visit(statement),
    };

    /// <summary>The first value of a variable, without which it could not be read.</summary>
    private bool Initialises(ExpressionSyntax done) => done is AssignmentExpressionSyntax { Left: IdentifierNameSyntax left }
        && meaning.GetSymbolInfo(left).Symbol is ILocalSymbol local
        && local.DeclaringSyntaxReferences is [var declared]
        && declared.GetSyntax() is VariableDeclaratorSyntax { Initializer: null };

    private StatementSyntax Skippable(StatementSyntax planted, SyntaxNode original)
    {
        if (original is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax set })
        {
            foreach (ExpressionSyntax instead in Mutations.Of(set))
            {
                if (Plant(original, Told(instead)) is { } other)
                    planted = Marked(Block(IfStatement(Switch(other), ExpressionStatement(instead), ElseClause(planted))), other);
            }
        }

        return Plant(original, "") is { } number ? Marked(Block(IfStatement(Not(Switch(number)), planted)), number) : planted;
    }

    private SyntaxNode? Expression(ExpressionSyntax expression)
    {
        var planted = (ExpressionSyntax)base.Visit(expression)!;
        if (!IsValue(expression) || meaning.GetConstantValue(expression) is { HasValue: true } && expression is not LiteralExpressionSyntax)
            return planted;

        foreach (ExpressionSyntax instead in Mutations.Of(expression, meaning))
        {
            if (Plant(expression, Told(instead)) is { } number)
                planted = Marked(Whole(ConditionalExpression(Switch(number), Whole(instead), planted)), number);
        }

        if (Mutations.IsTruth(expression, meaning) && Plant(expression, $"!({Told(expression)})") is { } turned)
            planted = Marked(Whole(BinaryExpression(SyntaxKind.ExclusiveOrExpression, Switch(turned), Whole(planted))), turned);

        return planted;
    }

    private static bool IsValue(ExpressionSyntax expression) => expression.Parent switch
    {
        ExpressionStatementSyntax or NameColonSyntax or QualifiedNameSyntax or ConstantPatternSyntax or AttributeArgumentSyntax => false,
        MemberAccessExpressionSyntax access => access.Expression == expression,
        AssignmentExpressionSyntax set => set.Left != expression,
        ArgumentSyntax argument => argument.RefKindKeyword.IsKind(SyntaxKind.None),
        ForStatementSyntax loop => loop.Condition == expression,
        _ => true,
    };

    /// <summary>Whether an expression brings names that other code uses.</summary>
    internal static bool Declares(SyntaxNode node) =>
        node.DescendantNodesAndSelf(inner => inner is not LambdaExpressionSyntax).Any(inner => inner is VariableDesignationSyntax);

    private int? Plant(SyntaxNode original, string instead)
    {
        string member = Members.NameAt(original);
        string alikes = $"{member}\t{Told(original)}\t{instead}";
        int nth = alike[alikes] = alike.GetValueOrDefault(alikes, -1) + 1;
        int line = original.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        var mutant = new Mutant(file, line, member, Told(original), instead, nth);
        if (!takes(mutant.Key))
            return null;

        mutants.Add(mutant);
        return mutants.Count - 1;
    }

    private static string Told(SyntaxNode node) => node.NormalizeWhitespace(" ", " ").ToString().ReplaceLineEndings(" ");

    private static InvocationExpressionSyntax Switch(int number) =>
        (InvocationExpressionSyntax)ParseExpression($"global::Rmap.Model.MutantSwitch.Is({number})");

    private static ParenthesizedExpressionSyntax Whole(ExpressionSyntax expression) => ParenthesizedExpression(expression);

    private static PrefixUnaryExpressionSyntax Not(ExpressionSyntax expression) =>
        PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, expression);

    private static T Marked<T>(T node, int number) where T : SyntaxNode =>
        node.WithAdditionalAnnotations(new SyntaxAnnotation(Mark, $"{number}"));
}
