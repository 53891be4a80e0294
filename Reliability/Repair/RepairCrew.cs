namespace Continuity.Reliability.Repair;

/// <summary>People who repair, shared by the groups that name them.</summary>
/// <remarks>Two failed units with one pair of hands take twice as long: repairs are then not independent, and no
/// product of availabilities is right.</remarks>
public sealed record RepairCrew
{
    /// <summary>Makes a crew.</summary>
    /// <param name="name">Unique among crews.</param>
    /// <param name="hands">How many units it repairs at once, 1 or more.</param>
    /// <param name="policy">Whom it works on first.</param>
    public RepairCrew(string name, int hands, CrewPolicy policy = CrewPolicy.Priority)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Require.Count(hands, 1, $"The number of hands of crew '{name}'");
        (Name, Hands, Policy) = (name, hands, policy);
    }

    /// <summary>Unique among crews.</summary>
    public string Name { get; }

    /// <summary>How many units it repairs at once.</summary>
    public int Hands { get; }

    /// <summary>Whom it works on first.</summary>
    public CrewPolicy Policy { get; }
}
