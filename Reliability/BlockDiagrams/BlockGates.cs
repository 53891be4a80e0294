using System.Globalization;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.BlockDiagrams;

/// <summary>Says of blocks when they fail: in the terms of the graph core.</summary>
internal static class BlockGates
{
    public const int BridgeParts = 5;

    // The minimal cuts of a bridge by the places of its parts: both first halves, both second ones, across the link.
    private static readonly int[][] _bridgeCuts = [[0, 1], [2, 3], [0, 4, 3], [1, 4, 2]];

    /// <summary>Adds the gate of a block's failure.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public static string? Add(FaultGraphBuilder builder, Block block)
    {
        var parts = block.Parts;
        switch (block.Kind)
        {
            case BlockKind.Series:
                builder.AddGate(block.Id, GateKind.Or, parts, block.Label, block.Line);
                return null;
            case BlockKind.Parallel:
                builder.AddGate(block.Id, GateKind.And, parts, block.Label, block.Line);
                return null;
            case BlockKind.Vote when block.Needed < 1 || block.Needed > parts.Count:
                builder.AddGate(block.Id, GateKind.Or, parts, block.Label, block.Line);
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{block.Needed} of {parts.Count} parts makes no sense; expected 1 to {parts.Count}.");
            case BlockKind.Vote:
                builder.AddAtLeast(block.Id, parts.Count - block.Needed + 1, parts, block.Label, block.Line);
                return null;
            case BlockKind.Bridge when parts.Count != BridgeParts:
                builder.AddGate(block.Id, GateKind.Or, parts, block.Label, block.Line);
                return string.Create(
                    CultureInfo.InvariantCulture, $"a bridge has {BridgeParts} parts, found {parts.Count}.");
            default:
                AddBridge(builder, block);
                return null;
        }
    }

    private static void AddBridge(FaultGraphBuilder builder, Block block)
    {
        var cuts = _bridgeCuts.Select((cut, number) =>
            (Id: $"{block.Id} cut {number + 1}", Parts: cut.Select(place => block.Parts[place]))).ToList();
        foreach (var (id, parts) in cuts)
        {
            builder.AddGate(id, GateKind.And, parts, null, block.Line);
        }

        builder.AddGate(block.Id, GateKind.Or, cuts.Select(cut => cut.Id), block.Label, block.Line);
    }
}
