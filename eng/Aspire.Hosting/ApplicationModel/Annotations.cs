namespace Aspire.Hosting.ApplicationModel;

internal sealed record EnvironmentAnnotation(string Name, object Value) : IResourceAnnotation;

internal sealed record ArgumentAnnotation(object Value) : IResourceAnnotation;

internal sealed record WaitAnnotation(IResource Dependency, WaitKind Kind, int ExitCode = 0) : IResourceAnnotation;

internal enum WaitKind
{
    Healthy,
    Started,
    Completed,
}

internal sealed record HttpHealthCheckAnnotation(string Path, int StatusCode, string? EndpointName)
    : IResourceAnnotation;

/// <summary>What is printed behind the address of an endpoint, for people to open.</summary>
internal sealed record AddressPathAnnotation(string EndpointName, string Path) : IResourceAnnotation;

/// <summary>The server is reached by its own check (postgres, kafka), not over HTTP.</summary>
internal sealed record ServerHealthCheckAnnotation(string Key) : IResourceAnnotation;

/// <summary>An address for people, beside those of the endpoints.</summary>
internal sealed record UrlAnnotation(ReferenceExpression Url, string? DisplayText) : IResourceAnnotation;

internal sealed record ReplicaAnnotation(int Replicas) : IResourceAnnotation;

internal sealed record ExplicitStartAnnotation : IResourceAnnotation;

internal sealed record ProjectAnnotation(string Path) : IResourceAnnotation;

internal sealed record ContainerImageAnnotation(string? Registry, string Image, string Tag) : IResourceAnnotation
{
    public string FullName => (Registry is null ? Image : $"{Registry}/{Image}") + ":" + Tag;
}

internal sealed record ContainerMountAnnotation(string? Source, string Target, bool IsVolume, bool IsReadOnly)
    : IResourceAnnotation;

/// <summary>One endpoint of a resource and, once the application runs, the address that it was given.</summary>
public sealed class EndpointAnnotation(string name, string scheme) : IResourceAnnotation
{
    public string Name { get; } = name;

    public string UriScheme { get; } = scheme;

    /// <value>The port that callers use; null: a free one.</value>
    public int? Port { get; init; }

    public int? TargetPort { get; init; }

    public bool IsProxied { get; init; } = true;

    public bool IsExternal { get; set; }

    internal string? TargetPortVariable { get; init; }

    internal int? AllocatedPort { get; set; }
}
