namespace Continuity.Reliability.Living;

/// <summary>The unavailability of each kind of event under some assumptions, worked out once for all of them.</summary>
internal readonly struct UnavailabilityTable
{
    private static readonly ComponentClass[] _classes = Enum.GetValues<ComponentClass>();
    private static readonly FailurePart[] _parts = Enum.GetValues<FailurePart>();

    private readonly double[] _ofComponent;
    private readonly double _ofFailover;
    private readonly PlatformAssumptions _assumptions;

    public UnavailabilityTable(PlatformAssumptions assumptions)
    {
        _assumptions = assumptions;
        _ofComponent = new double[_classes.Length * _parts.Length];
        _ofFailover = new LivingEvent("", null).Unavailability(assumptions);
        foreach (var name in _classes)
        {
            foreach (var part in _parts)
            {
                _ofComponent[Place(name, part)] = new LivingEvent("", name, part).Unavailability(assumptions);
            }
        }
    }

    /// <summary>The unavailability of an event.</summary>
    public double Of(LivingEvent item) => item switch
    {
        { IsTypical: false } => item.Unavailability(_assumptions),
        { Class: { } name } => _ofComponent[Place(name, item.Part)],
        _ => _ofFailover,
    };

    private static int Place(ComponentClass name, FailurePart part) => ((int)name * _parts.Length) + (int)part;
}
