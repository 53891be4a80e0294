using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Manifest;

/// <summary>Endpoints as bindings: which ports the deployment tool chooses, and which are named here.</summary>
internal sealed class ManifestBindings
{
    private int _nextPort = 8000;

    /// <summary>The variables that every project has, with the ports that it listens on in its container.</summary>
    public static void AddProjectVariables(OrderedDictionary<string, string> variables, IResource resource)
    {
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToList();
        if (endpoints.Count == 0)
        {
            return;
        }

        variables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
        var ports = endpoints.Where(endpoint => endpoint is { UriScheme: "http", TargetPortVariable: null }).ToList();
        if (ports.Count > 0)
        {
            variables["HTTP_PORTS"] = string.Join(';', ports.Select(endpoint => TargetPort(resource, endpoint)));
        }
    }

    /// <summary>The variables that endpoints themselves ask for.</summary>
    public static void AddPortVariables(OrderedDictionary<string, string> variables, IResource resource)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (endpoint.TargetPortVariable is { } name)
            {
                variables[name] = TargetPort(resource, endpoint);
            }
        }
    }

    public void Write(Utf8JsonWriter json, IResource resource)
    {
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToList();
        if (endpoints.Count == 0)
        {
            return;
        }

        json.WriteStartObject("bindings");
        foreach (var (index, endpoint) in endpoints.Index())
        {
            var isFirstHttp = endpoints.FindIndex(own => own.UriScheme == "http") == index;
            json.WriteStartObject(endpoint.Name);
            json.WriteString("scheme", endpoint.UriScheme);
            json.WriteString("protocol", "tcp");
            json.WriteString("transport", endpoint.UriScheme == "http" ? "http" : "tcp");
            WritePorts(json, endpoint, PortInside(resource, endpoint, isFirstHttp));
            if (endpoint.IsExternal)
            {
                json.WriteBoolean("external", true);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string TargetPort(IResource resource, EndpointAnnotation endpoint) =>
        $"{{{resource.Name}.bindings.{endpoint.Name}.targetPort}}";

    private static void WritePorts(Utf8JsonWriter json, EndpointAnnotation endpoint, int? inside)
    {
        if (endpoint.Port is { } outside && outside != inside)
        {
            json.WriteNumber("port", outside);
        }

        if (inside is not null)
        {
            json.WriteNumber("targetPort", inside.Value);
        }
    }

    // A project's first HTTP endpoint takes the default port of its container image; further ones need a number.
    private int? PortInside(IResource resource, EndpointAnnotation endpoint, bool isFirstHttp)
    {
        if (endpoint.TargetPort is not null)
        {
            return endpoint.TargetPort;
        }

        return resource switch
        {
            ContainerResource when endpoint.Port is not null => endpoint.Port,
            ProjectResource when isFirstHttp => null,
            _ => _nextPort++,
        };
    }
}
