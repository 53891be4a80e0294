namespace Aspire.Hosting.ApplicationModel;

public sealed class KafkaServerResource : ContainerResource, IResourceWithConnectionString
{
    public KafkaServerResource(string name)
        : base(name) => PrimaryEndpoint = new EndpointReference(this, "tcp");

    public EndpointReference PrimaryEndpoint { get; }

    public EndpointReference InternalEndpoint => new(this, "internal");

    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Host)}")),
        new("Port", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Port)}")),
    ];
}
