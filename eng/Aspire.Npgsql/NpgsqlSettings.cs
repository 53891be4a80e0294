namespace Aspire.Npgsql;

/// <summary>The subset of the real package's settings that Continuity uses.</summary>
public sealed class NpgsqlSettings
{
    /// <summary>The connection string; from <c>ConnectionStrings:&lt;name&gt;</c> unless set.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether no health check is registered.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether no spans are recorded.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Whether no metrics are recorded.</summary>
    public bool DisableMetrics { get; set; }
}
