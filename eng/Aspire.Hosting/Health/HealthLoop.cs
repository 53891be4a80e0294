namespace Aspire.Hosting.Health;

/// <summary>Checks in short steps until healthy, then now and then.</summary>
internal static class HealthLoop
{
    private const int QuickChecks = 50;
    private static readonly TimeSpan QuickStep = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan SlowStep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HealthyStep = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(
        IReadOnlyList<IHealthCheck> checks,
        Action<HealthResult> report,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var unhealthyChecks = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            var result = await CheckAllAsync(checks, time, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            report(result);
            unhealthyChecks = result.IsHealthy ? 0 : unhealthyChecks + 1;
            var step = result.IsHealthy ? HealthyStep : unhealthyChecks < QuickChecks ? QuickStep : SlowStep;
            await Task.Delay(step, time, cancellationToken);
        }
    }

    private static async Task<HealthResult> CheckAllAsync(
        IReadOnlyList<IHealthCheck> checks, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var check in checks)
        {
            using var limit = new CancellationTokenSource(CheckLimit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                if (await check.CheckAsync(either.Token) is { IsHealthy: false } problem)
                {
                    return problem;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return new HealthResult($"{check.Key}: no answer within {CheckLimit.TotalSeconds} s");
            }
        }

        return HealthResult.Healthy;
    }
}
