using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;
using static Microsoft.CodeAnalysis.CSharp.SyntaxKind;

namespace Rmap.Regressions.Mutation;

/// <summary>What is put in the place of an expression. What does not compile is taken out again later.</summary>
internal static class Mutations
{
    /// <summary>Pairs of which each stands in for the other.</summary>
    private static readonly SyntaxKind[][] Operators =
    [
        [LessThanExpression, GreaterThanOrEqualExpression], [LessThanExpression, LessThanOrEqualExpression],
        [GreaterThanExpression, LessThanOrEqualExpression], [GreaterThanExpression, GreaterThanOrEqualExpression],
        [EqualsExpression, NotEqualsExpression], [LogicalAndExpression, LogicalOrExpression],
        [AddExpression, SubtractExpression], [MultiplyExpression, DivideExpression], [LeftShiftExpression, RightShiftExpression],
        [BitwiseAndExpression, BitwiseOrExpression], [AddAssignmentExpression, SubtractAssignmentExpression],
        [OrAssignmentExpression, AndAssignmentExpression],
    ];

    private static readonly string[][] Queries =
    [
        ["First", "Last"], ["FirstOrDefault", "LastOrDefault"], ["Any", "All"], ["Min", "Max"], ["MinBy", "MaxBy"], ["Take", "Skip"],
        ["TakeWhile", "SkipWhile"], ["OrderBy", "OrderByDescending"], ["Order", "OrderDescending"], ["Concat", "Except"],
        ["Union", "Intersect"], ["Prepend", "Append"],
    ];

    /// <summary>The calls that are left out, so that what they are called on stands in their place.</summary>
    private static readonly string[] Dropped = ["Where", "Distinct", "Reverse", "Append", "Prepend", "DefaultIfEmpty"];

    internal static IEnumerable<ExpressionSyntax> Of(ExpressionSyntax expression, SemanticModel meaning) => expression switch
    {
        _ when Mutator.Declares(expression) => [],
        BinaryExpressionSyntax { RawKind: (int)CoalesceExpression } either =>
            either.Right is ThrowExpressionSyntax ? [] : [either.Left, either.Right],
        BinaryExpressionSyntax both when !IsText(both, meaning) =>
            Others(Operators, both.Kind()).Select(other => BinaryExpression(other, both.Left, both.Right)),
        PrefixUnaryExpressionSyntax { RawKind: (int)UnaryMinusExpression or (int)BitwiseNotExpression } signed => [signed.Operand],
        PostfixUnaryExpressionSyntax { RawKind: (int)PostIncrementExpression } step =>
            [PostfixUnaryExpression(PostDecrementExpression, step.Operand)],
        PostfixUnaryExpressionSyntax { RawKind: (int)PostDecrementExpression } step =>
            [PostfixUnaryExpression(PostIncrementExpression, step.Operand)],
        PrefixUnaryExpressionSyntax { RawKind: (int)PreIncrementExpression } step =>
            [PrefixUnaryExpression(PreDecrementExpression, step.Operand)],
        PrefixUnaryExpressionSyntax { RawKind: (int)PreDecrementExpression } step =>
            [PrefixUnaryExpression(PreIncrementExpression, step.Operand)],
        LiteralExpressionSyntax { RawKind: (int)TrueLiteralExpression } => [LiteralExpression(FalseLiteralExpression)],
        LiteralExpressionSyntax { RawKind: (int)FalseLiteralExpression } => [LiteralExpression(TrueLiteralExpression)],
        LiteralExpressionSyntax { RawKind: (int)StringLiteralExpression } text =>
            [LiteralExpression(StringLiteralExpression, Literal(text.Token.ValueText.Length == 0 ? "mutant" : ""))],
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax query } call when IsQuery(call, meaning) =>
            Other(call, query),
        _ => [],
    };

    /// <summary>What is assigned instead.</summary>
    internal static IEnumerable<ExpressionSyntax> Of(AssignmentExpressionSyntax set) =>
        Others(Operators, set.Kind()).Select(other => AssignmentExpression(other, set.Left, set.Right));

    /// <summary>Whether an expression is read as a truth that is not made of others: its opposite is a mutant.</summary>
    internal static bool IsTruth(ExpressionSyntax expression, SemanticModel meaning) =>
        expression is InvocationExpressionSyntax or MemberAccessExpressionSyntax or IdentifierNameSyntax or ElementAccessExpressionSyntax
            or IsPatternExpressionSyntax or ConditionalAccessExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)IsExpression }
        && IsAsked(expression)
        && meaning.GetTypeInfo(expression).Type is { SpecialType: SpecialType.System_Boolean }
        && !expression.DescendantNodes().OfType<PatternSyntax>().Any(Mutator.Declares);

    private static bool IsAsked(ExpressionSyntax expression) => expression.Parent switch
    {
        ParenthesizedExpressionSyntax or PrefixUnaryExpressionSyntax { RawKind: (int)LogicalNotExpression } =>
            IsAsked((ExpressionSyntax)expression.Parent),
        BinaryExpressionSyntax { RawKind: (int)LogicalAndExpression or (int)LogicalOrExpression } => true,
        IfStatementSyntax or WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or ReturnStatementSyntax or WhenClauseSyntax
            or ArrowExpressionClauseSyntax or LambdaExpressionSyntax or SwitchExpressionArmSyntax or EqualsValueClauseSyntax => true,
        ConditionalExpressionSyntax choice => choice.Condition == expression,
        AssignmentExpressionSyntax set => set.Right == expression,
        _ => false,
    };

    private static bool IsText(BinaryExpressionSyntax both, SemanticModel meaning) =>
        meaning.GetTypeInfo(both).ConvertedType is { SpecialType: SpecialType.System_String }
        || meaning.GetTypeInfo(both).Type is { SpecialType: SpecialType.System_String };

    private static bool IsQuery(InvocationExpressionSyntax call, SemanticModel meaning) =>
        meaning.GetSymbolInfo(call).Symbol is IMethodSymbol { ContainingType.Name: "Enumerable" };

    private static IEnumerable<ExpressionSyntax> Other(InvocationExpressionSyntax call, MemberAccessExpressionSyntax query)
    {
        string name = query.Name.Identifier.Text;
        foreach (string other in Others(Queries, name).Where(_ => name != "Any" || call.ArgumentList.Arguments.Count > 0))
            yield return call.WithExpression(query.WithName(IdentifierName(other)));

        if (Dropped.Contains(name))
            yield return query.Expression;
    }

    private static IEnumerable<T> Others<T>(T[][] pairs, T one) =>
        from pair in pairs
        where pair.Contains(one)
        select EqualityComparer<T>.Default.Equals(pair[0], one) ? pair[1] : pair[0];
}
