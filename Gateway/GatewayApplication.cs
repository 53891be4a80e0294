using Continuity.Gateway.Admin;
using Continuity.Gateway.Capabilities;
using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Health;
using Continuity.Gateway.Routing;
using Continuity.ServiceDefaults;
using Continuity.ServiceDefaults.Credentials;

namespace Continuity.Gateway;

/// <summary>The gateway's host: what it is made of, and the way of a request through it.</summary>
internal static class GatewayApplication
{
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddServiceDefaults();
        builder.AddGatewayServer();
        builder.AddRouting();
        builder.AddReplicaCredentials();
        builder.Services.AddHealth();
        builder.Services.AddCapabilities();
        builder.Services.AddForwarding();
        builder.AddProxyRoutes();

        var app = builder.Build();
        app.UseModels();

        // Named here, behind the hot path: the host would put both in front of it.
        app.UseRouting();
        app.UseAuthorization();
        app.MapDefaultEndpoints();
        app.MapGatewayView();
        app.MapProxyRoutes();
        return app;
    }
}
