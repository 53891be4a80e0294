using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Continuity.Architecture.Tests;

/// <summary>The style guide's limits: file 400 lines (tests 600), method 70, six parameters, 120 columns.</summary>
public sealed class SizeTests
{
    private const int FileLines = 400;
    private const int TestFileLines = 600;
    private const int MethodLines = 70;
    private const int Parameters = 6;
    private const int Columns = 120;

    [Fact]
    public void Files_StayWithinTheirLimits() =>
        Offenders.None(
            from file in Repository.CSharpFiles
            let lines = Repository.Read(file).AsSpan().Count('\n')
            where lines > (Repository.IsTest(file) ? TestFileLines : FileLines)
            select $"{file}: {lines} lines");

    [Fact]
    public void Lines_FitTheScreen() =>
        Offenders.None(
            from file in Repository.CSharpFiles
            from line in Repository.Read(file).Split('\n').Index()
            where line.Item.Length > Columns
            select $"{file}:{line.Index + 1}: {line.Item.Length} columns");

    [Fact]
    public void Methods_StayWithinTheirLimit() =>
        Offenders.None(
            from file in Repository.CSharpFiles
            from body in Bodies(Parse(file))
            let lines = Lines(body)
            where lines > MethodLines
            select $"{file}:{Line(body)}: {lines} lines");

    [Fact]
    public void Parameters_AreFew() =>
        Offenders.None(
            from file in Repository.CSharpFiles
            from list in Parse(file).DescendantNodes().OfType<ParameterListSyntax>()
            where list.Parameters.Count > Parameters && !IsForeign(list) && !IsData(list)
            select $"{file}:{Line(list)}: {list.Parameters.Count} parameters");

    private static SyntaxNode Parse(string file) => CSharpSyntaxTree.ParseText(Repository.Read(file)).GetRoot();

    private static IEnumerable<SyntaxNode> Bodies(SyntaxNode root) =>
        root.DescendantNodes().Where(node =>
            node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax);

    private static int Lines(SyntaxNode node)
    {
        var span = node.SyntaxTree.GetLineSpan(node.Span);
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }

    private static int Line(SyntaxNode node) => node.SyntaxTree.GetLineSpan(node.Span).StartLinePosition.Line + 1;

    // A native function's parameters are the platform's, the stand-ins' signatures are the real library's,
    // and a log message has one parameter per named value.
    private static bool IsForeign(ParameterListSyntax list) =>
        list.Parent is MethodDeclarationSyntax method
        && (method.Modifiers.Any(SyntaxKind.ExternKeyword)
            || method.AttributeLists.Any(attributes => attributes.ToString() is var text
                && (text.Contains("LibraryImport", StringComparison.Ordinal)
                    || text.Contains("LoggerMessage", StringComparison.Ordinal)))
            || list.SyntaxTree.GetRoot().ToString().Contains("namespace Aspire.", StringComparison.Ordinal));

    private static bool IsData(ParameterListSyntax list) => list.Parent is RecordDeclarationSyntax;
}
