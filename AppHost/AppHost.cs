using Continuity.AppHost;

// The whole stack: two sites of model servers behind one gateway, the control plane, and what watches them.
var builder = DistributedApplication.CreateBuilder(args);
var settings = StackSettings.Read(builder.Configuration, builder.AppHostDirectory);

var adminKey = builder.AddParameter("admin-key", settings.AdminKey, secret: true);

var postgres = builder.AddPostgres("postgres").WithImageTag("17.6").WithDataVolume("continuity-postgres");
var database = postgres.AddDatabase("continuity");

var kafka = builder.AddKafka("kafka").WithImageTag("8.1.1").WithEnvironment("TOPICS", StackSettings.Topics);

var alertmanager = builder.AddContainer("alertmanager", "prom/alertmanager", "v0.28.1")
    .WithBindMount("../deploy/alertmanager/alertmanager.yml", "/etc/alertmanager/alertmanager.yml", isReadOnly: true)
    .WithVolume("continuity-alertmanager", "/alertmanager")
    .WithArgs("--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager")
    .WithHttpEndpoint(port: settings.AlertmanagerPort, targetPort: 9093, name: "http")
    .WithHttpHealthCheck("/-/ready", endpointName: "http");

builder.AddContainer("prometheus", "prom/prometheus", "v2.55.1")
    .WithBindMount("../deploy/prometheus/prometheus.yml", "/etc/prometheus/prometheus.yml", isReadOnly: true)
    .WithBindMount("../deploy/prometheus/rules", "/etc/prometheus/rules", isReadOnly: true)
    .WithBindMount(settings.TargetsFolder, "/etc/prometheus/targets", isReadOnly: true)
    .WithVolume("continuity-prometheus", "/prometheus")
    .WithArgs("--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus")
    .WithArgs("--storage.tsdb.retention.size=512MB", "--web.enable-lifecycle", "--web.enable-remote-write-receiver")
    .WithHttpEndpoint(port: settings.PrometheusPort, targetPort: 9090, name: "http")
    .WithHttpHealthCheck("/-/ready", endpointName: "http")
    .WithExternalHttpEndpoints()
    .WaitForStart(alertmanager);

var models = settings.Models.Select(model => builder
    .AddService(model.Name, "../samples/ModelServer/ModelServer.csproj")
    .WithHttpEndpoint(port: model.Port, name: "http", isProxied: false)
    .WithHttpHealthCheck("/health", endpointName: "http")
    .WithEnvironment("Model__Name", StackSettings.SampleModel)
    .WithEnvironment("Model__Site", model.Site)
    .WithEnvironment("Model__Replica", model.Name)).ToList();

var api = builder.AddService("api", "../Api/Api.csproj")
    .WithHttpEndpoint(name: "http")
    .WithManagementEndpoint()
    .WithHttpHealthCheck("/health", endpointName: "http")
    .WithReference(database).WaitFor(database)
    .WithReference(kafka).WaitFor(kafka)
    .WithEnvironment("Bootstrap__AdminKey", adminKey)
    .WithInventory(settings, models);

var gateway = builder.AddService("gateway", "../Gateway/Gateway.csproj")
    .WithHttpEndpoint(port: settings.GatewayPort, name: "http")
    .WithExternalHttpEndpoints()
    .WithManagementEndpoint()
    .WithHttpHealthCheck("/health", endpointName: "http")
    .WithReference(api.GetEndpoint("http"))
    .WithEnvironment("Routing__ApiKey", adminKey)
    .WithEnvironment("Routing__CachePath", settings.In("gateway"));
gateway.WithUrl($"{gateway.GetEndpoint("http")}/scalar", "API reference");

foreach (var site in StackSettings.Sites)
{
    foreach (var role in StackSettings.Roles)
    {
        builder.AddService($"{role}-{site}", "../Workers/Workers.csproj")
            .WithManagementEndpoint()
            .WithHttpHealthCheck("/health", endpointName: "management")
            .WithReference(database).WaitFor(database)
            .WithReference(kafka).WaitFor(kafka)
            // Of several processes that find no schema one makes it and all pay for it: the Api goes first.
            .WaitFor(api)
            .WithEnvironment("Worker__Site", site)
            .WithEnvironment("Worker__Roles__0", role);
    }
}

var app = builder.Build();
using var targets = PrometheusTargets.Follow(app.ResourceNotifications, settings);
app.Run();
