using Continuity.Gateway.Authentication;
using Continuity.Gateway.Balancing;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Admin;

/// <summary>
/// What this gateway knows and decides, for operators: <c>/gateway/routing</c>, <c>/gateway/replicas</c>.
/// </summary>
internal static class GatewayView
{
    public static void MapGatewayView(this WebApplication app)
    {
        var view = app.MapGroup("/gateway").AddEndpointFilter(CheckCallerAsync);
        view.MapGet("/routing", GetRouting);
        view.MapGet("/replicas", GetReplicas);
    }

    private static async ValueTask<object?> CheckCallerAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var services = context.HttpContext.RequestServices;
        var table = services.GetRequiredService<RoutingState>().Current;
        var clock = services.GetRequiredService<Clock>();
        var caller = table is null ? null : CallerCheck.Identify(context.HttpContext, table, clock);
        var refusal = caller is null ? CallerCheck.Unauthorized()
            : !caller.MaySeeGateway ? CallerCheck.Forbidden("see the gateway's state; it needs the role viewer")
            : null;
        if (refusal is null)
        {
            return await next(context);
        }

        await refusal.WriteAsync(context.HttpContext);
        return Results.Empty;
    }

    private static IResult GetRouting(RoutingState routing)
    {
        var snapshot = routing.Current?.Snapshot;
        return Results.Json(new RoutingView(
            snapshot?.Version, snapshot?.CreatedAt, routing.Source, routing.Age.TotalSeconds, routing.LastRefusal));
    }

    private static IResult GetReplicas(RoutingState routing, Clock clock)
    {
        var now = clock.Now;
        return Results.Json(
            from pool in routing.Current?.Services ?? []
            from replica in pool.Replicas
            select View(pool, replica, clock, now));
    }

    private static ReplicaView View(ServicePool pool, Replica replica, Clock clock, long now)
    {
        var health = replica.Health;
        return new ReplicaView
        {
            Id = replica.Id,
            Service = pool.Name,
            Site = replica.Route.Site,
            Address = replica.Route.Address,
            State = replica.Route.State,
            Verdict = replica.Route.Verdict,
            Continuation = replica.Continuation,
            Standing = health.ProbedDown ? "down" : health.Standing.ToString().ToLowerInvariant(),
            Reason = health.Reason,
            Ejections = health.Ejections,
            EjectedForSeconds = Math.Max(0, clock.Seconds(health.EjectedUntil - now)),
            InFlight = replica.InFlight,
            Requests = replica.Requests,
            LatencySeconds = replica.Latency.Value(now),
            Score = PolicyChoice.Score(pool.Route.Policy, replica, now),
            Streams = replica.Rhythm.Streams,
            Phi = replica.Rhythm.Phi(now),
            Waiting = replica.Load.Waiting,
            CacheUse = replica.Load.CacheUse,
        };
    }
}
