using System.Collections.Concurrent;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Admission;

/// <summary>Lets requests in: within their tenant's limits, and when a replica has room for them.</summary>
internal sealed class AdmissionControl(Clock clock)
{
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
            exchange.Pool.State.Queue.Leave(exchange.Pool.ConcurrencyLimit);
        }
    }

    private async ValueTask<ApiError?> LineUpAsync(Exchange exchange, AdmissionSettings settings)
    {
        var pool = exchange.Pool;
        var queue = pool.State.Queue;
        var claim = new Claim(
            exchange.Caller.Tenant, CriticalityOf(exchange), exchange.Tenant?.Weight ?? 100, exchange.Facts.Tokens);
        var ticket = queue.Enter(pool.ConcurrencyLimit, settings.QueueLength, claim, out var hasRoom);
        if (ticket is null)
        {
            return hasRoom ? null : Overloaded(pool);
        }

        var patience = TimeSpan.FromTicks(
            Math.Min(settings.QueueTimeout.Ticks, clock.Span(Math.Max(0, exchange.Deadline - clock.Now)).Ticks));
        try
        {
            return await ticket.Outcome.WaitAsync(patience, clock.Time, exchange.Aborted) ? null : Overloaded(pool);
        }
        catch (TimeoutException)
        {
            return queue.TryGiveUp(ticket) || !await ticket.Outcome ? Overloaded(pool) : null;
        }
        catch (OperationCanceledException)
        {
            if (!queue.TryGiveUp(ticket) && await ticket.Outcome)
            {
                queue.Leave(pool.ConcurrencyLimit);
            }

            throw;
        }
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

    private static ApiError Overloaded(ServicePool pool) => new(
        StatusCodes.Status429TooManyRequests, "rate_limit_error", "overloaded",
        $"All replicas of {pool.Name} are busy, and the request would wait for too long.")
    {
        // As a rule of thumb, the line moves by as many as run in a second or so.
        RetryAfter = TimeSpan.FromSeconds(1 + (pool.State.Queue.Waiting / Math.Max(1, pool.ConcurrencyLimit))),
    };
}
