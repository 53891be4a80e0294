using System.Net;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>Serves <see cref="ResourceService"/> on a loopback port, to whoever knows the key.</summary>
internal sealed class ResourceServer : IAsyncDisposable
{
    private const string KeyHeader = "x-resource-service-api-key";

    private readonly WebApplication _app;

    private ResourceServer(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public static async Task<ResourceServer> StartAsync(Stack stack, string key, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(new ResourceService(stack));
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        var expected = Encoding.UTF8.GetBytes(key);
        app.Use((context, next) =>
        {
            var given = Encoding.UTF8.GetBytes(context.Request.Headers[KeyHeader].ToString());
            if (CryptographicOperations.FixedTimeEquals(given, expected))
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
        app.MapGrpcService<ResourceService>();
        await app.StartAsync(cancellationToken);
        return new ResourceServer(app);
    }

    // Its calls stay open for as long as the dashboard lives: they are cut, not waited for.
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
    }
}
