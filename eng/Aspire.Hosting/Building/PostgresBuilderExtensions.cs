using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class PostgresBuilderExtensions
{
    private const int DefaultPort = 5432;
    private const string DefaultTag = "18.3";

    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        var generated = password?.Resource
            ?? ParameterResourceBuilderExtensions.CreateGeneratedPassword(builder, $"{name}-password");
        var server = new PostgresServerResource(name, userName?.Resource, generated);
        server.Annotations.Add(new ContainerImageAnnotation("docker.io", "library/postgres", DefaultTag));
        server.Annotations.Add(new ServerHealthCheckAnnotation($"{name}_check"));
        return builder.AddResource(server)
            .WithEndpointOf(new EndpointAnnotation("tcp", "tcp") { Port = port, TargetPort = DefaultPort })
            .WithEnvironment("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256")
            .WithEnvironment("POSTGRES_INITDB_ARGS", "--auth-host=scram-sha-256 --auth-local=scram-sha-256")
            .WithEnvironment("POSTGRES_USER", server.UserName)
            .WithVariable("POSTGRES_PASSWORD", server.PasswordParameter);
    }

    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        database.Annotations.Add(new ServerHealthCheckAnnotation($"{name}_check"));
        return builder.ApplicationBuilder.AddResource(database);
    }

    /// <summary>Keeps the data between runs; from image version 18 on, the volume is one folder higher.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        const int firstVersionWithVersionedFolders = 18;
        var tag = builder.Resource.Annotations.OfType<ContainerImageAnnotation>().Single().Tag;
        var isNew = int.TryParse(tag.Split('.')[0], out var major) && major >= firstVersionWithVersionedFolders;
        var target = isNew ? "/var/lib/postgresql" : "/var/lib/postgresql/data";
        return builder.WithVolume(name ?? $"apphost-{builder.Resource.Name}-data", target, isReadOnly);
    }
}
