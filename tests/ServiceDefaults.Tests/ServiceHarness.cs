using Continuity.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Continuity.ServiceDefaults.Tests;

/// <summary>A small service with the defaults on two real ports: one for its users, one for management.</summary>
internal sealed class ServiceHarness : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ServiceHarness(WebApplication app, int port, int managementPort)
    {
        _app = app;
        Public = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Management = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{managementPort}") };
    }

    public HttpClient Public { get; }

    public HttpClient Management { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<ServiceHarness> StartAsync(
        Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null)
    {
        var (port, managementPort) = (FreePort.Next(), FreePort.Next());
        var builder = WebApplication.CreateSlimBuilder(
            ["--Management:Port", managementPort.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}", $"http://127.0.0.1:{managementPort}");
        builder.AddServiceDefaults();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        map?.Invoke(app);
        await app.StartAsync();
        return new ServiceHarness(app, port, managementPort);
    }

    public async ValueTask DisposeAsync()
    {
        Public.Dispose();
        Management.Dispose();
        await _app.DisposeAsync();
    }
}
