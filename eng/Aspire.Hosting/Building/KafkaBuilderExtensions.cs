using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class KafkaBuilderExtensions
{
    private const int BrokerPort = 9092;
    private const int InternalPort = 9093;
    private const string DefaultTag = "8.2.0";

    public static IResourceBuilder<KafkaServerResource> AddKafka(
        this IDistributedApplicationBuilder builder, string name, int? port = null)
    {
        var kafka = new KafkaServerResource(name);
        kafka.Annotations.Add(new ContainerImageAnnotation("docker.io", "confluentinc/confluent-local", DefaultTag));
        kafka.Annotations.Add(new ServerHealthCheckAnnotation($"{name}_check"));
        var host = kafka.PrimaryEndpoint.Property(EndpointProperty.Host);
        var outside = kafka.PrimaryEndpoint.Property(EndpointProperty.HostAndPort);
        var inside = kafka.InternalEndpoint.Property(EndpointProperty.HostAndPort);
        return builder.AddResource(kafka)
            .WithEndpointOf(new EndpointAnnotation("tcp", "tcp") { Port = port, TargetPort = BrokerPort })
            .WithEndpointOf(new EndpointAnnotation("internal", "tcp") { TargetPort = InternalPort })
            .WithEnvironment(
                "KAFKA_LISTENERS",
                "PLAINTEXT://localhost:29092,CONTROLLER://localhost:29093,"
                + $"PLAINTEXT_HOST://0.0.0.0:{BrokerPort},PLAINTEXT_INTERNAL://0.0.0.0:{InternalPort}")
            .WithEnvironment(
                "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
                "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,PLAINTEXT_INTERNAL:PLAINTEXT")
            .WithEnvironment(
                "KAFKA_ADVERTISED_LISTENERS",
                $"PLAINTEXT://{host}:29092,PLAINTEXT_HOST://{outside},PLAINTEXT_INTERNAL://{inside}");
    }
}
