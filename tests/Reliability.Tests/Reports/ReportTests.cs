using System.Xml.Linq;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.Living;
using Continuity.Reliability.Reports;

namespace Continuity.Reliability.Tests.Reports;

public sealed class ReportTests
{
    private static readonly XNamespace _svg = "http://www.w3.org/2000/svg";

    private static FaultGraph Graph => new FaultGraphBuilder("a <model>")
        .AddEvent("disk \"1\"", 0.1).AddEvent("disk & 2", 0.2).AddEvent("c", 0.3).AddHouse("on", true)
        .AddAtLeast("vote", 2, ["disk \"1\"", "disk & 2", "c"])
        .AddGate("top", GateKind.Or, ["vote", "on"])
        .Build();

    [Fact]
    public void Svg_IsWellFormedAndHasEveryNodeAndLine()
    {
        var picture = XDocument.Parse(GraphSvg.Write(Graph)).Root!;

        var titles = picture.Descendants(_svg + "title").Select(title => title.Value);
        Assert.Equal(["c", "disk \"1\"", "disk & 2", "on", "top", "vote"], titles.Order(StringComparer.Ordinal));
        var lines = picture.Elements(_svg + "line").ToList();
        Assert.Equal(5, lines.Count);
        Assert.All(lines, line => Assert.True((int)line.Attribute("y1")! < (int)line.Attribute("y2")!));
        Assert.Contains(picture.Descendants(_svg + "text"), text => text.Value == "2 of 3");
    }

    [Fact]
    public void Svg_OfAGraphTooLarge_SaysSo()
    {
        var builder = new FaultGraphBuilder("large");
        var ids = Enumerable.Range(0, GraphSvg.MaximumNodes).Select(i => $"e{i}").ToList();
        ids.ForEach(id => builder.AddEvent(id, 0.1));

        var picture = XDocument.Parse(GraphSvg.Write(builder.AddGate("top", GateKind.And, ids).Build())).Root!;

        Assert.Empty(picture.Elements(_svg + "rect"));
        Assert.Contains("401 nodes", picture.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Dot_QuotesWhatItNames()
    {
        var text = GraphDot.Write(Graph);

        Assert.StartsWith("digraph \"a <model>\" {", text, StringComparison.Ordinal);
        Assert.Contains("\"vote\" -> \"disk \\\"1\\\"\";", text, StringComparison.Ordinal);
        Assert.Contains("\"top\" -> \"on\";", text, StringComparison.Ordinal);
        Assert.Contains("label=\"vote\\n2 of 3\"", text, StringComparison.Ordinal);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_HasFiguresChangesAndSources_AndEscapesNames()
    {
        var topology = new PlatformTopology
        {
            Sites = [new("east"), new("west", Priority: 1)],
            Services = [new("<chat>", [new("c1", "east"), new("c2", "west")], 0.999)],
        };
        var token = TestContext.Current.CancellationToken;
        var model = LivingModel.Compile(topology, new PlatformAssumptions(), token);
        var subject = model.Find(SubjectKind.Service, "<chat>")!;
        var assessment = subject.Assess(token);

        var page = AssessmentReport.Write([(subject, assessment)], model.Assumptions, "It lags.");

        Assert.Contains("&lt;chat&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<chat>", page, StringComparison.Ordinal);
        Assert.Contains("It lags.", page, StringComparison.Ordinal);
        Assert.Contains("test failover monthly", page, StringComparison.Ordinal);
        Assert.Contains("The Llama 3 Herd of Models", page, StringComparison.Ordinal);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.Contains(assessment.MeetsObjective == true ? "met;" : "missed;", page, StringComparison.Ordinal);
    }
}
