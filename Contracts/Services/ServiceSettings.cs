using System.ComponentModel.DataAnnotations;
using Continuity.Contracts.Routing;

namespace Continuity.Contracts.Services;

/// <summary>How a service is served; what is left out has its default.</summary>
public record ServiceSettings : IValidatableObject
{
    /// <summary>The part of the time that it is to answer (SLO); reliability assessments measure it by that.</summary>
    /// <value>The default is none; above 0 and below 1, for example 0.999.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double? AvailabilityObjective { get; init; }

    /// <summary>How a gateway chooses a replica.</summary>
    /// <value>The default value is <see cref="LoadBalancingPolicy.LeastRequests"/>.</value>
    public LoadBalancingPolicy Policy { get; init; } = LoadBalancingPolicy.LeastRequests;

    /// <summary>How long a replica may take to its first byte before another one is asked.</summary>
    /// <value>The default value is 10 seconds; 10 milliseconds to 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What <see cref="FirstByteTimeout"/> grows by with each KiB of the request.</summary>
    /// <value>The default value is 20 milliseconds; 0 to 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan FirstByteTimeoutPerKiB { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest silence between two events of a stream before the replica counts as stalled.</summary>
    /// <value>The default value is 5 seconds; 10 milliseconds to 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request may take in all when the caller names no deadline.</summary>
    /// <value>The default value is 10 minutes; 10 milliseconds to 1 day.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How a replica is asked whether it lives.</summary>
    [Required]
    public HealthSettings Health { get; init; } = new();

    /// <summary>What is done when a replica fails a request.</summary>
    [Required]
    public RetrySettings Retry { get; init; } = new();

    /// <summary>What is done when a replica breaks a stream.</summary>
    [Required]
    public StreamSettings Streams { get; init; } = new();

    /// <summary>How many requests go to the replicas at a time, and how many wait.</summary>
    [Required]
    public AdmissionSettings Admission { get; init; } = new();

    /// <summary>How many replicas each tenant is served by; all of them when 0.</summary>
    /// <value>The default value is 0; 0 to 10,000.</value>
    [Range(0, 10_000)]
    public int ReplicasPerTenant { get; init; }

    /// <inheritdoc />
    /// <remarks>The ranges that gateways insist on: what passes here is never refused there.</remarks>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        (bool Valid, string Field, string Rule)[] checks =
        [
            (Health.Path.StartsWith('/'), "health.path", "must begin with a slash"),
            (Health.Interval >= TimeSpan.Zero, "health.interval", "must not be negative"),
            (Health.Timeout > TimeSpan.Zero, "health.timeout", "must be positive"),
            (Health.Failures is >= 1 and <= 1000, "health.failures", "must be 1 to 1,000"),
            (Health.EjectionTime > TimeSpan.Zero, "health.ejectionTime", "must be positive"),
            (Health.MaxEjectionTime >= Health.EjectionTime, "health.maxEjectionTime", "must not be below ejectionTime"),
            (Health.MaxEjectedShare is >= 0 and <= 1, "health.maxEjectedShare", "must be 0 to 1"),
            (Retry.MaxAttempts is >= 1 and <= 10, "retry.maxAttempts", "must be 1 to 10"),
            (Retry.BudgetShare is >= 0 and <= 10, "retry.budgetShare", "must be 0 to 10"),
            (Retry.BudgetFloor is >= 0 and <= 1_000_000, "retry.budgetFloor", "must be 0 to 1,000,000"),
            (Retry.HedgeAfter >= TimeSpan.Zero, "retry.hedgeAfter", "must not be negative"),
            (Retry.HedgeShare is >= 0 and <= 1, "retry.hedgeShare", "must be 0 to 1"),
            (Streams.MaxContinuations is >= 0 and <= 100, "streams.maxContinuations", "must be 0 to 100"),
            (Streams.MaxTextBytes is >= 0 and <= 1 << 30, "streams.maxTextBytes", "must be 0 to 1 GiB"),
            (Streams.Suspicion is >= 0 and <= 100, "streams.suspicion", "must be 0 to 100"),
            (Streams.SuspicionFloor > TimeSpan.Zero, "streams.suspicionFloor", "must be positive"),
            (Admission.MaxConcurrencyPerReplica >= 0, "admission.maxConcurrencyPerReplica", "must not be negative"),
            (Admission.QueueLength is >= 0 and <= 1_000_000, "admission.queueLength", "must be 0 to 1,000,000"),
            (Admission.QueueTimeout >= TimeSpan.Zero, "admission.queueTimeout", "must not be negative"),
        ];
        return checks.Where(check => !check.Valid)
            .Select(check => new ValidationResult($"{check.Field} {check.Rule}.", [check.Field]));
    }
}
