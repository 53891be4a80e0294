using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.BlockDiagrams;

/// <summary>
/// What a platform's parts need of each other, compiled to the graph that everything else works on: a part is down when
/// it fails itself or a need of it isn't met.
/// </summary>
/// <remarks>Not safe for use by several threads.</remarks>
/// <param name="name">What the platform is called.</param>
public sealed class DependencyGraph(string name)
{
    private readonly FaultGraphBuilder _builder = new(name);
    private readonly List<ModelError> _errors = [];

    /// <summary>The id of the event that a part fails by itself; the part's own id means that it is down.</summary>
    /// <param name="part">The part.</param>
    public static string FailureOf(string part) => DependencyGates.FailureOf(part);

    /// <summary>Adds a part.</summary>
    /// <param name="id">Unique among the parts.</param>
    /// <param name="failureProbability">That it fails by itself, 0 to 1; checked by <see cref="Build"/>.</param>
    /// <param name="needs">What it needs; parts that are added later may be named.</param>
    /// <param name="line">Where the source defines it, for errors.</param>
    public DependencyGraph Add(string id, double failureProbability, IEnumerable<Need> needs, int? line = null)
    {
        ArgumentNullException.ThrowIfNull(needs);
        _errors.AddRange(DependencyGates.Add(_builder, id, failureProbability, needs, line)
            .Select(problem => new ModelError(id, problem, line)));
        return this;
    }

    /// <summary>The checked model; its top is that a part is down.</summary>
    /// <param name="part">The part that is asked about; null for the one that no other needs.</param>
    /// <exception cref="InvalidModelException">All that is wrong at once, needs in a circle included.</exception>
    public FaultGraph Build(string? part = null)
    {
        if (part is not null)
        {
            _builder.SetTop(part);
        }

        var isRight = _builder.TryBuild(out var graph, out var errors);
        return isRight && _errors.Count == 0 ? graph! /* TryBuild said so */ : throw new InvalidModelException(
            [.. _errors.Concat(errors)]);
    }
}
