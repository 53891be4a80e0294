using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.BlockDiagrams;

/// <summary>A reliability block diagram, compiled to the graph that everything else works on.</summary>
/// <remarks>
/// Blocks say what must work; a graph says what has failed. The same component may stand in several places. Not safe
/// for use by several threads.
/// </remarks>
/// <param name="name">What the diagram is called.</param>
public sealed class BlockDiagram(string name)
{
    private readonly FaultGraphBuilder _builder = new(name);
    private readonly List<ModelError> _errors = [];

    /// <summary>Adds a component.</summary>
    /// <param name="id">Unique among components and blocks.</param>
    /// <param name="failureProbability">0 to 1; checked by <see cref="Build"/>.</param>
    public BlockDiagram AddComponent(string id, double failureProbability)
    {
        _builder.AddEvent(id, failureProbability);
        return this;
    }

    /// <summary>Adds a block over components and blocks, which may be added later.</summary>
    /// <param name="block">The block.</param>
    public BlockDiagram Add(Block block)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (BlockGates.Add(_builder, block) is { } problem)
        {
            _errors.Add(new ModelError(block.Id, problem, block.Line));
        }

        return this;
    }

    /// <summary>The checked model; its top is that the whole diagram has failed.</summary>
    /// <param name="whole">The block that is the whole; null for the one that no other uses.</param>
    /// <exception cref="InvalidModelException">All that is wrong at once.</exception>
    public FaultGraph Build(string? whole = null)
    {
        if (whole is not null)
        {
            _builder.SetTop(whole);
        }

        var isRight = _builder.TryBuild(out var graph, out var errors);
        return isRight && _errors.Count == 0 ? graph! /* TryBuild said so */ : throw new InvalidModelException(
            [.. _errors.Concat(errors)]);
    }
}
