using System.Globalization;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// The Aspire dashboard as one more resource of the stack: it gets ports, a log and an end like all others, and every
/// project sends its telemetry to it.
/// </summary>
internal sealed class DashboardResource
{
    public const string Name = "dashboard";

    private const int DefaultPort = 18888;
    private const string PortSetting = "Ports:Dashboard";

    private readonly string _browserToken = NewKey();
    private readonly string _telemetryKey = NewKey();
    private readonly string _serviceKey = NewKey();

    private DashboardResource(IResourceBuilder<ExecutableResource> dashboard)
    {
        var otlp = dashboard.GetEndpoint("otlp");
        Telemetry = new TelemetryTarget(otlp, _telemetryKey);
        Resource = dashboard.Resource;
        dashboard
            .WithEnvironment("ASPNETCORE_URLS", dashboard.GetEndpoint("http"))
            .WithEnvironment(
                "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL",
                $"http://127.0.0.1:{otlp.Property(EndpointProperty.TargetPort)}")
            .WithEnvironment("DASHBOARD__FRONTEND__AUTHMODE", "BrowserToken")
            .WithEnvironment("DASHBOARD__FRONTEND__BROWSERTOKEN", _browserToken)
            .WithEnvironment("DASHBOARD__OTLP__AUTHMODE", "ApiKey")
            .WithEnvironment("DASHBOARD__OTLP__PRIMARYAPIKEY", _telemetryKey)
            .WithEnvironment("DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE", "ApiKey")
            .WithEnvironment("DASHBOARD__RESOURCESERVICECLIENT__APIKEY", _serviceKey)
            .WithEnvironment("DOTNET_gcServer", "0")
            .WithEnvironment("DOTNET_GCConserveMemory", "5");
        // People open the address as it is printed: it carries the token that logs them in.
        Resource.Annotations.Add(new AddressPathAnnotation("http", $"/login?t={_browserToken}"));
    }

    public ExecutableResource Resource { get; }

    public TelemetryTarget Telemetry { get; }

    public static DashboardResource Add(IDistributedApplicationBuilder builder, string program)
    {
        builder.Configuration[PortSetting] ??= DefaultPort.ToString(CultureInfo.InvariantCulture);
        if (!int.TryParse(builder.Configuration[PortSetting], CultureInfo.InvariantCulture, out var port)
            || port is < 1 or > 65_535)
        {
            throw new DistributedApplicationException(
                $"Setting {PortSetting} is '{builder.Configuration[PortSetting]}'; "
                + "it must be a port number from 1 to 65535.");
        }

        var resource = new ExecutableResource(Name, program, Path.GetDirectoryName(program)!);
        return new DashboardResource(builder.AddResource(resource)
            .WithHttpEndpoint(port: port, name: "http", isProxied: false)
            .WithExternalHttpEndpoints()
            .WithHttpEndpoint(name: "otlp")
            .WithArgs("dashboard"));
    }

    /// <summary>
    /// Starts the service that the dashboard asks for resources; call it before the dashboard starts.
    /// </summary>
    public async Task<ResourceServer> ServeAsync(Stack stack, CancellationToken cancellationToken)
    {
        var server = await ResourceServer.StartAsync(stack, _serviceKey, cancellationToken);
        Resource.Annotations.Add(new EnvironmentAnnotation("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", server.Address));
        return server;
    }

    private static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
