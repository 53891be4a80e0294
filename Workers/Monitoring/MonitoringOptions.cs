using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Continuity.Workers.Monitoring;

/// <summary>How replicas are probed.</summary>
internal sealed class MonitoringOptions
{
    public const string Section = "Monitoring";

    /// <summary>The time from the start of one probe of a replica to the next. The default value is 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.020", "00:01:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A replica that takes longer to answer counts as failed. The default value is 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.020", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>So many failures in a row make a replica Failed. The default value is 2; 1 to 100.</summary>
    [Range(1, 100)]
    public int FailuresToFail { get; set; } = 2;

    /// <summary>So many successes in a row make it Healthy. The default value is 2; 1 to 100.</summary>
    [Range(1, 100)]
    public int SuccessesToHeal { get; set; } = 2;

    /// <summary>
    /// How long a silent monitor keeps the right to decide: so long, at most, no verdict changes when it dies.
    /// The default value is 3 s; 1 s to 1 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan LeaseTimeToLive { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>For so long what another vantage said is evidence. The default value is 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan EvidenceLifetime { get; set; } = TimeSpan.FromSeconds(3);
}

[OptionsValidator]
internal sealed partial class MonitoringOptionsValidator : IValidateOptions<MonitoringOptions>;
