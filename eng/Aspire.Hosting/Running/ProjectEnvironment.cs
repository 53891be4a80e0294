using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Where telemetry goes, and the key that it needs there.</summary>
internal sealed record TelemetryTarget(EndpointReference Endpoint, string ApiKey);

/// <summary>The variables of a project's process, in the real host's names and order.</summary>
internal static class ProjectEnvironment
{
    // A development stack shares one machine with much else: small heaps, and the machine code once compiled is kept.
    // A model that sets one of these itself wins.
    private static readonly (string Name, string Value)[] SmallFootprint =
    [
        ("DOTNET_gcServer", "0"),
        ("DOTNET_gcConcurrent", "0"),
        ("DOTNET_GCConserveMemory", "5"),
        ("DOTNET_TieredPGO", "0"),
        ("MALLOC_ARENA_MAX", "2"),
    ];

    public static async Task<IReadOnlyDictionary<string, string>> BuildAsync(
        IResource resource, Instance instance, TelemetryTarget? telemetry, CancellationToken cancellationToken)
    {
        var variables = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        if (resource is ProjectResource)
        {
            AddTelemetry(variables, resource, instance, telemetry);
            AddConsole(variables);
            AddUrls(variables, resource, instance);
        }

        var resolver = new ValueResolver(resource, instance);
        foreach (var own in resource.Annotations.OfType<EnvironmentAnnotation>())
        {
            variables[own.Name] = await resolver.ResolveAsync(own.Value, cancellationToken);
        }

        AddPorts(variables, resource, instance);
        if (resource is ProjectResource)
        {
            foreach (var (name, value) in SmallFootprint)
            {
                variables.TryAdd(name, value);
            }
        }

        return variables;
    }

    private static void AddTelemetry(
        OrderedDictionary<string, string> variables, IResource resource, Instance instance, TelemetryTarget? telemetry)
    {
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        variables["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true";
        variables["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true";
        if (telemetry is not null)
        {
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = telemetry.Endpoint.Url;
            variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={telemetry.ApiKey}";
        }

        var suffix = instance.Id[(resource.Name.Length + 1)..];
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={suffix}";
        variables["OTEL_SERVICE_NAME"] = resource.Name;
        variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        variables["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true";
    }

    private static void AddConsole(OrderedDictionary<string, string> variables)
    {
        variables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
    }

    // As in the real host: endpoints with a variable of their own are not in ASPNETCORE_URLS.
    private static void AddUrls(OrderedDictionary<string, string> variables, IResource resource, Instance instance)
    {
        var urls = resource.Annotations.OfType<EndpointAnnotation>()
            .Where(endpoint => endpoint is { UriScheme: "http", TargetPortVariable: null })
            .Select(endpoint => $"http://localhost:{instance.TargetPorts[endpoint.Name]}")
            .ToList();
        if (urls.Count > 0)
        {
            variables["ASPNETCORE_URLS"] = string.Join(';', urls);
        }
    }

    private static void AddPorts(OrderedDictionary<string, string> variables, IResource resource, Instance instance)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (endpoint.TargetPortVariable is { } name)
            {
                variables[name] = instance.TargetPorts[endpoint.Name].ToString(CultureInfo.InvariantCulture);
            }
        }
    }
}
