using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;

namespace Continuity.ModelServer.Faults;

/// <summary>Carries the fault that was taken for a request along with the request.</summary>
internal static class FaultFeature
{
    public static FaultPlan Fault(this HttpContext context) => context.Features.Get<FaultPlan>() ?? FaultPlan.None;

    public static void SetFault(this HttpContext context, FaultPlan plan) => context.Features.Set(plan);

    /// <summary>Ends the connection with RST, as a killed process or a crashed machine's network does.</summary>
    public static void ResetConnection(this HttpContext context)
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        context.Abort();
    }
}
