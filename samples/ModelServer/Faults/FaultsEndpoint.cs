using Continuity.ModelServer.Serving;

namespace Continuity.ModelServer.Faults;

/// <summary><c>/faults</c>: look at the fault that is switched on, or switch another.</summary>
internal static class FaultsEndpoint
{
    public static void MapFaults(this IEndpointRouteBuilder routes, FaultSwitch faults)
    {
        routes.MapGet("/faults", context => context.Response.WriteAsync(faults.Current, ModelJson.Wire.FaultPlan));
        routes.MapPost("/faults", async context =>
        {
            var plan = await context.Request.ReadAsync(ModelJson.Wire.FaultPlan);
            ApiException.ThrowIf(plan.AfterTokens < 0, "afterTokens must be at least 0.", "afterTokens");
            ApiException.ThrowIf(plan.Factor is not (> 0 and <= 100_000), "factor must be above 0.", "factor");
            ApiException.ThrowIf(plan.Count < 1, "count must be at least 1, or absent.", "count");
            faults.Set(plan);
            await context.Response.WriteAsync(plan, ModelJson.Wire.FaultPlan);
        });
    }
}
