using System.Collections.Concurrent;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Admission;

/// <summary>Lets requests in: within their tenant's limits, and when a replica has room for them.</summary>
internal sealed class AdmissionControl(AdmissionMetrics metrics, Clock clock)
{
    // Those who wait look how the line moves so many times, evenly: more critical ones may come, and replicas may go.
    private const int Looks = 4;

    private readonly ConcurrentDictionary<string, TenantAccount> _accounts = new(StringComparer.Ordinal);

    /// <summary>Waits until the request may go.</summary>
    /// <returns>Nothing when it may; otherwise what to answer. Only an admitted request may, and must, leave.</returns>
    public async ValueTask<ApiError?> EnterAsync(Exchange exchange)
    {
        if (exchange.Tenant is { } limits && Account(limits).TryEnter(limits, exchange.Facts.Tokens) is { } refusal)
        {
            return refusal;
        }

        var settings = exchange.Pool.Route.Admission;
        if (settings.MaxConcurrencyPerReplica <= 0)
        {
            return null;
        }

        ApiError? shed = null;
        var isIn = false;
        try
        {
            shed = await LineUpAsync(exchange, settings);
            isIn = shed is null;
        }
        finally
        {
            if (!isIn)
            {
                LeaveTenant(exchange, used: 0);
            }
        }

        return shed;
    }

    /// <summary>An admitted request is over.</summary>
    public void Leave(Exchange exchange)
    {
        LeaveTenant(exchange, exchange.UsedTokens > 0 ? exchange.UsedTokens : exchange.Facts.Tokens);
        if (exchange.Pool.Route.Admission.MaxConcurrencyPerReplica > 0)
        {
            exchange.Pool.State.Queue.Leave(exchange.Pool.ConcurrencyLimit, exchange.Facts.Tokens);
        }
    }

    private async ValueTask<ApiError?> LineUpAsync(Exchange exchange, AdmissionSettings settings)
    {
        var pool = exchange.Pool;
        var claim = new Claim(
            exchange.Caller.Tenant, CriticalityOf(exchange), exchange.Tenant?.Weight ?? 100, exchange.Facts.Tokens);
        var patience = TimeSpan.FromTicks(
            Math.Min(settings.QueueTimeout.Ticks, clock.Span(Math.Max(0, exchange.Deadline - clock.Now)).Ticks));
        var entry = pool.State.Queue.Enter(pool.ConcurrencyLimit, settings.QueueLength, claim, patience);
        return entry switch
        {
            { Refusal: { } refusal } => Refuse(pool, refusal, entry.Wait - patience),
            { Ticket: { } ticket } => await WaitAsync(exchange, ticket, patience),
            _ => null,
        };
    }

    private async ValueTask<ApiError?> WaitAsync(Exchange exchange, Ticket ticket, TimeSpan patience)
    {
        var pool = exchange.Pool;
        var queue = pool.State.Queue;
        for (var left = Looks - 1; ticket.IsWaiting; left--)
        {
            await ((Task)ticket.Outcome.WaitAsync(patience / Looks, clock.Time, exchange.Aborted))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var wait = queue.ExpectedWait(ticket, pool.ConcurrencyLimit);
            var isOver = left == 0 || exchange.Aborted.IsCancellationRequested
                || AdmissionQueue.IsTooLong(wait, patience * left / Looks);
            if (isOver && queue.TryGiveUp(ticket))
            {
                exchange.Aborted.ThrowIfCancellationRequested();
                return Refuse(pool, left == 0 ? Refusal.TimedOut : Refusal.TooLong, wait - patience);
            }
        }

        return await ticket.Outcome ? null : Refuse(pool, Refusal.Displaced, wait: null);
    }

    private void LeaveTenant(Exchange exchange, long used)
    {
        if (exchange.Tenant is { } limits)
        {
            Account(limits).Leave(limits, exchange.Facts.Tokens, used);
        }
    }

    private TenantAccount Account(TenantRoute tenant) => _accounts.GetOrAdd(
        tenant.Name, static (_, clock) => new TenantAccount(clock), clock);

    // A request may lower its tenant's criticality, never raise it: everybody's batch job would be critical.
    private static Criticality CriticalityOf(Exchange exchange)
    {
        var granted = exchange.Tenant?.Criticality ?? Criticality.Standard;
        return exchange.Context.Request.Headers.TryGetValue(RequestHeaders.Criticality, out var text)
            && Enum.TryParse<Criticality>(text, ignoreCase: true, out var wished) && wished < granted
            ? wished
            : granted;
    }

    // The wait is until the line will have become short enough for such a request, if that is known.
    private ApiError Refuse(ServicePool pool, Refusal refusal, TimeSpan? wait)
    {
        metrics.Refused(pool.Name, refusal);
        return new ApiError(
            StatusCodes.Status429TooManyRequests, "rate_limit_error", "overloaded",
            $"All replicas of {pool.Name} are busy, and the request would wait for too long.")
        {
            // As a rule of thumb, the line moves by as many as run in a second or so.
            RetryAfter = wait
                ?? TimeSpan.FromSeconds(1 + (pool.State.Queue.Waiting / Math.Max(1, pool.ConcurrencyLimit))),
        };
    }
}
