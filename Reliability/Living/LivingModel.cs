namespace Continuity.Reliability.Living;

/// <summary>The models of all services and artefact sets of one state of a platform.</summary>
/// <remarks>
/// Compiled once for a state; assessments and what-ifs then only evaluate. Immutable; safe for use by many threads.
/// </remarks>
public sealed class LivingModel
{
    private readonly Dictionary<(SubjectKind, string), SubjectModel> _subjects = [];

    private LivingModel(PlatformTopology topology, PlatformAssumptions assumptions) =>
        (Topology, Assumptions) = (topology, assumptions);

    /// <summary>The state of the platform.</summary>
    public PlatformTopology Topology { get; }

    /// <summary>The numbers behind the model.</summary>
    public PlatformAssumptions Assumptions { get; }

    /// <summary>Everything that can be assessed: services first, in order of their names.</summary>
    public IReadOnlyList<SubjectModel> Subjects => [.. _subjects
        .OrderBy(pair => pair.Key.Item1).ThenBy(pair => pair.Key.Item2, StringComparer.Ordinal)
        .Select(pair => pair.Value)];

    /// <summary>Compiles the models.</summary>
    /// <param name="topology">The state of the platform.</param>
    /// <param name="assumptions">The numbers.</param>
    /// <param name="cancellationToken">Ends it with an exception, within milliseconds.</param>
    /// <exception cref="Graphs.InvalidModelException">Two things of one name, or domains that cannot be.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number that cannot be.</exception>
    public static LivingModel Compile(
        PlatformTopology topology, PlatformAssumptions assumptions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(assumptions);
        assumptions.Check();
        TopologyCheck.Run(topology);
        var model = new LivingModel(topology, assumptions);
        foreach (var service in topology.Services)
        {
            model.Add(SubjectModel.Compile(service, topology, assumptions, cancellationToken));
        }

        foreach (var set in topology.ArtefactSets)
        {
            model.Add(SubjectModel.Compile(set, topology, assumptions, cancellationToken));
        }

        return model;
    }

    /// <summary>A subject's model, if there is one.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="name">Its name.</param>
    public SubjectModel? Find(SubjectKind kind, string name) => _subjects.GetValueOrDefault((kind, name));

    private void Add(SubjectModel subject)
    {
        if (!_subjects.TryAdd((subject.Kind, subject.Name), subject))
        {
            throw new Graphs.InvalidModelException(
                [new Graphs.ModelError(subject.Name, $"a second {subject.Kind} of this name; names are unique.")]);
        }
    }
}
