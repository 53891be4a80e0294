using Continuity.Contracts.Routing;

namespace Continuity.Gateway.Routing;

/// <summary>The ranges of a service's settings.</summary>
internal static class ServiceSettingsValidator
{
    public static void Check(ServiceRoute service, List<string> errors)
    {
        var checks = new Checks(service.Name, errors);
        checks.Positive("firstByteTimeout", service.FirstByteTimeout);
        checks.Positive("stallTimeout", service.StallTimeout);
        checks.Positive("requestTimeout", service.RequestTimeout);
        checks.NotNegative("firstByteTimeoutPerKiB", service.FirstByteTimeoutPerKiB);
        checks.Within("replicasPerTenant", service.ReplicasPerTenant, 0, int.MaxValue);
        CheckHealth(service.Health, checks);
        CheckRetry(service.Retry, checks);
        CheckStreams(service.Streams, checks);
        checks.Within(
            "admission.maxConcurrencyPerReplica", service.Admission.MaxConcurrencyPerReplica, 0, int.MaxValue);
        checks.Within("admission.queueLength", service.Admission.QueueLength, 0, 1_000_000);
        checks.NotNegative("admission.queueTimeout", service.Admission.QueueTimeout);
    }

    private static void CheckHealth(HealthSettings health, Checks checks)
    {
        if (!health.Path.StartsWith('/'))
        {
            checks.Add($"health.path is \"{health.Path}\"; it must begin with a slash.");
        }

        checks.NotNegative("health.interval", health.Interval);
        checks.Positive("health.timeout", health.Timeout);
        checks.Positive("health.ejectionTime", health.EjectionTime);
        checks.Within("health.failures", health.Failures, 1, 1000);
        checks.Within("health.maxEjectedShare", health.MaxEjectedShare, 0, 1);
        if (health.MaxEjectionTime < health.EjectionTime)
        {
            checks.Add("health.maxEjectionTime is shorter than health.ejectionTime.");
        }
    }

    private static void CheckRetry(RetrySettings retry, Checks checks)
    {
        checks.Within("retry.maxAttempts", retry.MaxAttempts, 1, 10);
        checks.Within("retry.budgetShare", retry.BudgetShare, 0, 10);
        checks.Within("retry.budgetFloor", retry.BudgetFloor, 0, 1_000_000);
        checks.Within("retry.hedgeShare", retry.HedgeShare, 0, 1);
        checks.NotNegative("retry.hedgeAfter", retry.HedgeAfter);
    }

    private static void CheckStreams(StreamSettings streams, Checks checks)
    {
        checks.Within("streams.maxContinuations", streams.MaxContinuations, 0, 100);
        checks.Within("streams.maxTextBytes", streams.MaxTextBytes, 0, 1 << 30);
        checks.Within("streams.suspicion", streams.Suspicion, 0, 100);
        checks.Positive("streams.suspicionFloor", streams.SuspicionFloor);
    }

    private readonly struct Checks(string service, List<string> errors)
    {
        public void Add(string error) => errors.Add($"Service {service}: {error}");

        public void Positive(string name, TimeSpan value)
        {
            if (value <= TimeSpan.Zero)
            {
                Add($"{name} is {value}; it must be positive.");
            }
        }

        public void NotNegative(string name, TimeSpan value)
        {
            if (value < TimeSpan.Zero)
            {
                Add($"{name} is {value}; it must not be negative.");
            }
        }

        public void Within(string name, double value, double least, double most)
        {
            if (!(value >= least && value <= most))
            {
                Add($"{name} is {value}; it must be {least} to {most}.");
            }
        }
    }
}
