namespace Continuity.Reliability.Estimation;

/// <summary>Whether a fault came by itself or was made on purpose.</summary>
public enum EvidenceOrigin
{
    /// <summary>It came by itself.</summary>
    Incident,

    /// <summary>It was made on purpose, to see what happens.</summary>
    Drill,
}
