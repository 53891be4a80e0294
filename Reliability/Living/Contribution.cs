namespace Continuity.Reliability.Living;

/// <summary>What one event has to do with a subject being down.</summary>
/// <param name="Id">The event.</param>
/// <param name="Class">The component that fails; null for a failover that does not work.</param>
/// <param name="Unavailability">Its own.</param>
/// <param name="Birnbaum">How much more probably the subject is down with it than without.</param>
/// <param name="Criticality">The part of the subject's downtime in which it is the one that decides.</param>
/// <param name="FussellVesely">How probably it has happened when the subject is down.</param>
public sealed record Contribution(
    string Id,
    ComponentClass? Class,
    double Unavailability,
    double Birnbaum,
    double Criticality,
    double FussellVesely);
