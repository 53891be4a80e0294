using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Manifest;
using Continuity.Aspire.Hosting.Tests.Running;

namespace Continuity.Aspire.Hosting.Tests.Manifest;

/// <summary>The expected texts are what Aspire 13.5 writes for the same model.</summary>
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

        AssertJson("""
            {
              "type": "container.v0",
              "connectionString": "Host={postgres.bindings.tcp.host};Port={postgres.bindings.tcp.port};Username=postgres;Password={postgres-password.value}",
              "image": "docker.io/library/postgres:17.6",
              "volumes": [{ "name": "data", "target": "/var/lib/postgresql/data", "readOnly": false }],
              "env": {
                "POSTGRES_HOST_AUTH_METHOD": "scram-sha-256",
                "POSTGRES_INITDB_ARGS": "--auth-host=scram-sha-256 --auth-local=scram-sha-256",
                "POSTGRES_USER": "postgres",
                "POSTGRES_PASSWORD": "{postgres-password.value}"
              },
              "bindings": { "tcp": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 5432 } }
            }
            """, manifest["postgres"]);
        AssertJson("""
            { "type": "value.v0", "connectionString": "{postgres.connectionString};Database=continuity" }
            """, manifest["continuity"]);
        AssertJson("""
            {
              "type": "parameter.v0",
              "value": "{postgres-password.inputs.value}",
              "inputs": {
                "value": { "type": "string", "secret": true, "default": { "generate": { "minLength": 22 } } }
              }
            }
            """, manifest["postgres-password"]);
        AssertJson("""
            { "type": "annotated.string", "value": "{postgres-password.value}", "filter": "uri" }
            """, manifest["postgres-password-uri-encoded"]);
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

        AssertJson("""
            {
              "type": "project.v0",
              "path": "gateway/gateway.csproj",
              "args": ["--quiet"],
              "env": {
                "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY": "in_memory",
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED": "true",
                "HTTP_PORTS": "{gateway.bindings.http.targetPort};{gateway.bindings.management.targetPort}",
                "Management__Port": "{gateway.bindings.management.targetPort}",
                "API_HTTP": "{api.bindings.http.url}",
                "services__api__http__0": "{api.bindings.http.url}",
                "ConnectionStrings__continuity": "{continuity.connectionString}",
                "CONTINUITY_HOST": "{postgres.bindings.tcp.host}",
                "CONTINUITY_PORT": "{postgres.bindings.tcp.port}",
                "CONTINUITY_USERNAME": "postgres",
                "CONTINUITY_PASSWORD": "{postgres-password.value}",
                "CONTINUITY_URI": "postgresql://postgres:{postgres-password-uri-encoded.value}@{postgres.bindings.tcp.host}:{postgres.bindings.tcp.port}/continuity",
                "CONTINUITY_JDBCCONNECTIONSTRING": "jdbc:postgresql://{postgres.bindings.tcp.host}:{postgres.bindings.tcp.port}/continuity",
                "CONTINUITY_DATABASENAME": "continuity",
                "Routing__ApiKey": "{admin-key.value}"
              },
              "bindings": {
                "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "port": 8080, "external": true },
                "management": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 8000 }
              }
            }
            """, manifest["gateway"]);
        AssertJson("""
            {
              "type": "parameter.v0",
              "value": "{admin-key.inputs.value}",
              "inputs": { "value": { "type": "string", "secret": true } }
            }
            """, manifest["admin-key"]);
    }

    [Fact]
    public async Task Project_WithoutEndpoints_HasNoPorts()
    {
        await using var fixture = new StackFixture();
        var kafka = fixture.Builder.AddKafka("kafka").WithImageTag("8.1.1");
        AddProject(fixture, "worker").WithReference(kafka);

        var manifest = await WriteAsync(fixture);

        AssertJson("""
            {
              "type": "project.v0",
              "path": "worker/worker.csproj",
              "env": {
                "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY": "in_memory",
                "ConnectionStrings__kafka": "{kafka.connectionString}",
                "KAFKA_HOST": "{kafka.bindings.tcp.host}",
                "KAFKA_PORT": "{kafka.bindings.tcp.port}"
              }
            }
            """, manifest["worker"]);
        AssertJson("""
            {
              "type": "container.v0",
              "connectionString": "{kafka.bindings.tcp.host}:{kafka.bindings.tcp.port}",
              "image": "docker.io/confluentinc/confluent-local:8.1.1",
              "env": {
                "KAFKA_LISTENERS": "PLAINTEXT://localhost:29092,CONTROLLER://localhost:29093,PLAINTEXT_HOST://0.0.0.0:9092,PLAINTEXT_INTERNAL://0.0.0.0:9093",
                "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,PLAINTEXT_INTERNAL:PLAINTEXT",
                "KAFKA_ADVERTISED_LISTENERS": "PLAINTEXT://{kafka.bindings.tcp.host}:29092,PLAINTEXT_HOST://{kafka.bindings.tcp.host}:{kafka.bindings.tcp.port},PLAINTEXT_INTERNAL://{kafka.bindings.internal.host}:{kafka.bindings.internal.port}"
              },
              "bindings": {
                "tcp": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 9092 },
                "internal": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 9093 }
              }
            }
            """, manifest["kafka"]);
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

        AssertJson("""
            {
              "type": "container.v0",
              "image": "prom/prometheus:v2.55.1",
              "args": ["--storage.tsdb.path=/prometheus"],
              "bindMounts": [
                { "source": "deploy/prometheus.yml", "target": "/etc/prometheus/prometheus.yml", "readOnly": true }
              ],
              "volumes": [{ "name": "metrics", "target": "/prometheus", "readOnly": false }],
              "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 9090 } }
            }
            """, manifest["prometheus"]);
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
    private static void AssertJson(string expected, JsonNode? actual)
    {
        var options = new JsonSerializerOptions { WriteIndented = true };
        Assert.Equal(JsonNode.Parse(expected)?.ToJsonString(options), actual?.ToJsonString(options));
    }
}
