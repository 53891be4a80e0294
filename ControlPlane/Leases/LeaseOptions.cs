namespace Continuity.ControlPlane.Leases;

/// <summary>How long leases last.</summary>
public sealed class LeaseOptions
{
    public const string Section = "Leases";

    /// <summary>How long a lease lasts without being renewed.</summary>
    /// <value>The default value is 10 seconds; 1 second to 10 minutes; must exceed twice <see cref="Margin"/>.</value>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>So much earlier than the database does a holder consider its lease ended.</summary>
    /// <value>The default value is 2 seconds; it covers clocks of different speed and a write that is under
    /// way.</value>
    public TimeSpan Margin { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a lease is renewed: several times before it could end.</summary>
    public TimeSpan RenewalInterval => (TimeToLive - Margin) / 4;

    internal static bool IsValid(LeaseOptions options) =>
        options.TimeToLive >= TimeSpan.FromSeconds(1)
        && options.TimeToLive <= TimeSpan.FromMinutes(10)
        && options.Margin > TimeSpan.Zero
        && options.TimeToLive > 2 * options.Margin;
}
