using Continuity.ControlPlane;
using Continuity.ControlPlane.Database;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Continuity.Workers.Tests.Processes;

/// <summary>
/// The control plane's stores in the test's own process, over the database that the worker processes use.
/// </summary>
internal sealed class ControlPlaneHost : IAsyncDisposable
{
    private readonly IHost _host;

    private ControlPlaneHost(IHost host) => _host = host;

    public static async Task<ControlPlaneHost> StartAsync(string connectionString)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddNpgsqlDataSource(connectionString);
        builder.Services.AddControlPlane();
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.Services.GetRequiredService<SchemaGate>().WaitAsync(TestContext.Current.CancellationToken);
        return new ControlPlaneHost(host);
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
