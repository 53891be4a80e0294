using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Tests.Graphs;

public sealed class FaultGraphBuilderTests
{
    [Fact]
    public void Build_ReportsEveryErrorAtOnce()
    {
        var builder = new FaultGraphBuilder("broken")
            .AddEvent("e1", double.NaN, line: 10)
            .AddEvent("e2", 1.5, line: 11)
            .AddEvent("e2", 0.5, line: 12)
            .AddEvent(" ", 0.5, line: 13)
            .AddGate("a", GateKind.And, ["b", "missing"], line: 14)
            .AddGate("b", GateKind.Or, ["a"], line: 15)
            .AddGate("empty", GateKind.Or, [], line: 16)
            .AddAtLeast("vote", 3, ["e1", "e2"], line: 17)
            .AddGate("no", GateKind.Not, ["e1", "e2"], line: 18)
            .AddGate("odd", GateKind.Xor, ["e1"], line: 19);

        Assert.False(builder.SetTop("nowhere", 20).TryBuild(out _, out var errors));

        Assert.Equal([10, 11, 12, 13, 14, 14, 16, 17, 18, 19, 20], errors.Select(error => error.Line!.Value));
        Assert.Contains(errors, e => e.Message.Contains("NaN", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Message.Contains("a -> b -> a", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Message.Contains("at least 3 of 2", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Message.Contains("first as a basic event on line 11", StringComparison.Ordinal));
    }

    [Fact]
    public void Build_SeveralRoots_AsksForTheTop()
    {
        var builder = new FaultGraphBuilder("two")
            .AddEvent("e", 0.1).AddGate("a", GateKind.Or, ["e"]).AddGate("b", GateKind.Or, ["e"]);

        var exception = Assert.Throws<InvalidModelException>(builder.Build);

        Assert.Contains("(a, b); name the top", Assert.Single(exception.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_OrdersGatesAfterTheirArguments()
    {
        var graph = new FaultGraphBuilder("order")
            .AddGate("top", GateKind.Or, ["left", "right"])
            .AddGate("left", GateKind.And, ["e", "right"])
            .AddGate("right", GateKind.Not, ["e"])
            .AddEvent("e", 0.1)
            .Build();

        Assert.Equal(["right", "left", "top"], graph.Gates.Select(gate => gate.Id));
        Assert.Equal("top", graph.IdOf(graph.Top));
    }

    [Fact]
    public void Build_HundredThousandDeep_NeedsNoStack()
    {
        const int depth = 100_000;
        var builder = new FaultGraphBuilder("deep").AddEvent("e", 0.1).AddGate("g0", GateKind.Or, ["e"]);
        for (var i = 1; i < depth; i++)
        {
            builder.AddGate($"g{i}", GateKind.Not, [$"g{i - 1}"]);
        }

        var graph = builder.Build();

        Assert.Equal($"g{depth - 1}", graph.IdOf(graph.Top));
    }
}
