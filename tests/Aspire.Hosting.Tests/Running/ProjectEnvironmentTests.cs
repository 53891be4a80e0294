using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Continuity.Aspire.Hosting.Tests.Running;

public sealed class ProjectEnvironmentTests
{
    // What the real host was seen to set, in its order; the last five are this host's own.
    private static readonly string[] Expected =
    [
        "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY",
        "OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION",
        "OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION",
        "OTEL_RESOURCE_ATTRIBUTES",
        "OTEL_SERVICE_NAME",
        "OTEL_BLRP_SCHEDULE_DELAY",
        "OTEL_BSP_SCHEDULE_DELAY",
        "OTEL_METRIC_EXPORT_INTERVAL",
        "OTEL_TRACES_SAMPLER",
        "OTEL_METRICS_EXEMPLAR_FILTER",
        "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
        "DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION",
        "LOGGING__CONSOLE__FORMATTERNAME",
        "ASPNETCORE_URLS",
        "Management__Port",
        "ConnectionStrings__continuity",
        "CONTINUITY_HOST",
        "CONTINUITY_PORT",
        "CONTINUITY_USERNAME",
        "CONTINUITY_PASSWORD",
        "CONTINUITY_URI",
        "CONTINUITY_JDBCCONNECTIONSTRING",
        "CONTINUITY_DATABASENAME",
        "OTHER_HTTP",
        "services__other__http__0",
        "DOTNET_gcServer",
        "DOTNET_gcConcurrent",
        "DOTNET_GCConserveMemory",
        "DOTNET_TieredPGO",
        "MALLOC_ARENA_MAX",
    ];

    [Fact]
    public async Task Variables_HaveTheRealHostsNamesAndOrder()
    {
        await using var fixture = new StackFixture("--Parameters:postgres-password=p w");
        var (api, instance) = Model(fixture);

        var variables = await ProjectEnvironment.BuildAsync(api, instance, telemetry: null, CancellationToken.None);

        Assert.Equal(Expected, variables.Keys);
    }

    [Fact]
    public async Task Values_AreThisReplicasOwn()
    {
        await using var fixture = new StackFixture("--Parameters:postgres-password=p w");
        var (api, instance) = Model(fixture);

        var variables = await ProjectEnvironment.BuildAsync(api, instance, telemetry: null, CancellationToken.None);

        Assert.Equal("http://localhost:7001;http://localhost:7002", variables["ASPNETCORE_URLS"]);
        Assert.Equal("7002", variables["Management__Port"]);
        Assert.Equal(
            "Host=127.0.0.1;Port=5433;Username=postgres;Password=p w;Database=continuity",
            variables["ConnectionStrings__continuity"]);
        Assert.Equal("postgresql://postgres:p%20w@127.0.0.1:5433/continuity", variables["CONTINUITY_URI"]);
        Assert.Equal("http://localhost:7100", variables["services__other__http__0"]);
        Assert.Equal($"service.instance.id={instance.Id["api-".Length..]}", variables["OTEL_RESOURCE_ATTRIBUTES"]);
    }

    private static (ProjectResource Api, Instance Instance) Model(StackFixture fixture)
    {
        var builder = fixture.Builder;
        var database = builder.AddPostgres("postgres").AddDatabase("continuity");
        database.Resource.Parent.PrimaryEndpoint.Annotation.AllocatedPort = 5433;
        var other = builder.AddProject("other", "Other.csproj", options => options.ExcludeLaunchProfile = true)
            .WithHttpEndpoint(name: "http");
        other.GetEndpoint("http").Annotation.AllocatedPort = 7100;
        var api = builder.AddProject("api", "Api.csproj", options => options.ExcludeLaunchProfile = true)
            .WithHttpEndpoint(name: "http")
            .WithHttpEndpoint(name: "management");
        var port = api.GetEndpoint("management").Property(EndpointProperty.TargetPort);
        api.WithEnvironment("Management__Port", $"{port}").WithReference(database).WithReference(other);
        return (
            api.Resource, new Instance("api", new Dictionary<string, int> { ["http"] = 7001, ["management"] = 7002 }));
    }
}
