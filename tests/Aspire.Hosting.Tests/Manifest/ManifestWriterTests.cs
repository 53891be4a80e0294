using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Manifest;
using Continuity.Aspire.Hosting.Tests.Running;
using Continuity.Testing;

namespace Continuity.Aspire.Hosting.Tests.Manifest;

/// <summary>The expected files are what Aspire 13.5 writes for the same model.</summary>
public sealed class ManifestWriterTests
{
    [Fact]
    public async Task Postgres_WithDatabase_AndGeneratedPassword()
    {
        await using var fixture = new StackFixture();
        var postgres = fixture.Builder.AddPostgres("postgres").WithImageTag("17.6").WithDataVolume("data");
        var database = postgres.AddDatabase("continuity");
        AddProject(fixture, "api").WithReference(database);

        var manifest = await WriteAsync(fixture);

        AssertIs("postgres", manifest["postgres"]);
        AssertIs("database", manifest["continuity"]);
        AssertIs("generated-password", manifest["postgres-password"]);
        AssertIs("uri-encoded", manifest["postgres-password-uri-encoded"]);
        Assert.Equal(
            ["postgres", "continuity", "api", "postgres-password", "postgres-password-uri-encoded"],
            manifest.Select(resource => resource.Key));
    }

    [Fact]
    public async Task Project_WithReferences_KeepsNamesAndOrder()
    {
        await using var fixture = new StackFixture();
        var database = fixture.Builder.AddPostgres("postgres").AddDatabase("continuity");
        var api = AddProject(fixture, "api").WithHttpEndpoint(name: "http");
        var key = fixture.Builder.AddParameter("admin-key", () => "unused", secret: true);
        var gateway = AddProject(fixture, "gateway")
            .WithHttpEndpoint(port: 8080, name: "http")
            .WithExternalHttpEndpoints()
            .WithHttpEndpoint(name: "management");
        var port = gateway.GetEndpoint("management").Property(EndpointProperty.TargetPort);
        gateway.WithEnvironment("Management__Port", $"{port}")
            .WithReference(api)
            .WithReference(database)
            .WithEnvironment("Routing__ApiKey", key)
            .WithArgs("--quiet");

        var manifest = await WriteAsync(fixture);

        AssertIs("gateway", manifest["gateway"]);
        AssertIs("admin-key", manifest["admin-key"]);
    }

    [Fact]
    public async Task Project_WithoutEndpoints_HasNoPorts()
    {
        await using var fixture = new StackFixture();
        var kafka = fixture.Builder.AddKafka("kafka").WithImageTag("8.1.1");
        AddProject(fixture, "worker").WithReference(kafka);

        var manifest = await WriteAsync(fixture);

        AssertIs("worker", manifest["worker"]);
        AssertIs("kafka", manifest["kafka"]);
    }

    [Fact]
    public async Task Container_WithMountsAndArguments()
    {
        await using var fixture = new StackFixture();
        fixture.Builder.AddContainer("prometheus", "prom/prometheus", "v2.55.1")
            .WithBindMount("deploy/prometheus.yml", "/etc/prometheus/prometheus.yml", isReadOnly: true)
            .WithVolume("metrics", "/prometheus")
            .WithArgs("--storage.tsdb.path=/prometheus")
            .WithHttpEndpoint(port: 9090, targetPort: 9090, name: "http");

        var manifest = await WriteAsync(fixture);

        AssertIs("prometheus", manifest["prometheus"]);
    }

    private static IResourceBuilder<ProjectResource> AddProject(StackFixture fixture, string name) =>
        fixture.Builder.AddProject(name, $"{name}/{name}.csproj", options => options.ExcludeLaunchProfile = true);

    private static async Task<JsonObject> WriteAsync(StackFixture fixture)
    {
        var file = fixture.Path("manifest.json");
        fixture.Configuration["Publishing:Publisher"] = "manifest";
        fixture.Configuration["Pipeline:OutputPath"] = file;
        await ManifestWriter.WriteFileAsync(fixture.Builder.Resources, fixture.Configuration, CancellationToken.None);
        var root = JsonNode.Parse(await File.ReadAllTextAsync(file));
        return Assert.IsType<JsonObject>(root?["resources"]);
    }

    // Compared as text, so that the order of fields counts: tools show them in the manifest's order.
    private static void AssertIs(string name, JsonNode? actual)
    {
        var expected = File.ReadAllText(
            Path.Combine(RepositoryLayout.Root, "tests/Aspire.Hosting.Tests/Manifest/expected", $"{name}.json"));
        var options = new JsonSerializerOptions { WriteIndented = true };
        Assert.Equal(JsonNode.Parse(expected)?.ToJsonString(options), actual?.ToJsonString(options));
    }
}
