namespace Continuity.Reliability.CommonCause;

/// <summary>How the components were tested in which the failures behind alpha factors were counted.</summary>
/// <remarks>It changes how many demands stand behind a count, and so the formula; the two differ by a factor of up to
/// the size of the group.</remarks>
public enum TestScheme
{
    /// <summary>All components in one go.</summary>
    NonStaggered,

    /// <summary>One component at a time, the others when it has failed.</summary>
    Staggered,
}
