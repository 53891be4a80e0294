using Continuity.ModelServer.Serving;

namespace Continuity.ModelServer.Faults;

/// <summary>
/// Lets the switched-on fault happen to inference requests and, unless they are spared, to health probes.
/// </summary>
internal static class FaultMiddleware
{
    private static readonly string[] _probed = ["/health", "/v1/models", "/metrics"];

    public static void UseFaults(this IApplicationBuilder app, FaultSwitch faults, TimeProvider time) =>
        app.Use(async (context, next) =>
        {
            var plan = FaultFor(context.Request, faults);
            context.SetFault(plan);
            if (!await HappensAtTheDoorAsync(context, plan, time))
            {
                await next(context);
            }
        });

    private static FaultPlan FaultFor(HttpRequest request, FaultSwitch faults)
    {
        if (HttpMethods.IsPost(request.Method) && request.Path.StartsWithSegments("/v1"))
        {
            return faults.Take();
        }

        var current = faults.Current;
        return !current.HealthStaysUp && _probed.Any(path => request.Path.StartsWithSegments(path))
            ? current.ForProbe()
            : FaultPlan.None;
    }

    private static async Task<bool> HappensAtTheDoorAsync(HttpContext context, FaultPlan plan, TimeProvider time)
    {
        switch (plan.Mode)
        {
            case FaultMode.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, time, context.RequestAborted);
                return true;
            case FaultMode.Unavailable:
                await context.Response.WriteErrorAsync(new ApiException(
                    StatusCodes.Status503ServiceUnavailable, "The server is not available.", null, "unavailable"));
                return true;
            case FaultMode.TooManyRequests:
                context.Response.Headers.RetryAfter = "1";
                await context.Response.WriteErrorAsync(new ApiException(
                    StatusCodes.Status429TooManyRequests, "Too many requests.", null, "rate_limit_exceeded"));
                return true;
            default:
                return false;
        }
    }
}
