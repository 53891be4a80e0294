using System.Globalization;
using TopicNames = Continuity.Contracts.Messages.Topics;
using Microsoft.Extensions.Configuration;

namespace Continuity.AppHost;

/// <summary>One sample model server.</summary>
internal sealed record ModelServer(string Name, string Site, int Port);

/// <summary>What can be set from outside: ports (<c>Ports:*</c>) and the state folder (<c>State:Path</c>).</summary>
internal sealed class StackSettings
{
    public const string SampleModel = "sample-chat";

    private const int ModelsPerSite = 2;
    private const int Partitions = 6;
    private const int MaxPort = 65_535;

    // The dashboard's is read by whoever starts it.
    private static readonly string[] PortNames = ["Gateway", "Prometheus", "Alertmanager", "Models", "Dashboard"];

    private readonly IConfiguration _configuration;
    private readonly string _state;

    private StackSettings(IConfiguration configuration, string state)
    {
        _configuration = configuration;
        _state = state;
        RefuseUnknownPorts();
        GatewayPort = Port("Gateway", 8080);
        PrometheusPort = Port("Prometheus", 9090);
        AlertmanagerPort = Port("Alertmanager", 9093);
        var firstModelPort = Port("Models", 8101, count: ModelsPerSite * Sites.Count);
        Models =
        [
            .. Sites.SelectMany((site, siteIndex) => Enumerable.Range(0, ModelsPerSite).Select(index => new ModelServer(
                $"model-{site}-{index + 1}", site, firstModelPort + (siteIndex * ModelsPerSite) + index))),
        ];
    }

    public static IReadOnlyList<string> Sites { get; } = ["east", "west"];

    public static IReadOnlyList<string> Roles { get; } = ["sync", "backup", "monitor"];

    public int GatewayPort { get; }

    public int PrometheusPort { get; }

    public int AlertmanagerPort { get; }

    public IReadOnlyList<ModelServer> Models { get; }

    /// <value>Where Prometheus looks for its targets; exists once read, because it is mounted.</value>
    public string TargetsFolder => Directory.CreateDirectory(In("prometheus-targets")).FullName;

    /// <value>The host that a container, or Prometheus in its place, reaches this machine's processes by.</value>
    public string HostOfServices => _configuration["AppHost:ContainerHostname"] ?? "host.docker.internal";

    public static string Topics => string.Join(' ', ((string[])
        [TopicNames.Commands, TopicNames.Events, TopicNames.Observations, TopicNames.DeadLetters])
        .Select(topic => $"{topic}:{Partitions}"));

    /// <exception cref="DistributedApplicationException">A setting has no valid value.</exception>
    public static StackSettings Read(IConfiguration configuration, string appHostDirectory)
    {
        var root = Path.GetFullPath("..", appHostDirectory);
        return new StackSettings(configuration, Path.GetFullPath(configuration["State:Path"] ?? ".continuity", root));
    }

    /// <summary>The development key of the first administrator, made once for this state folder.</summary>
    public string AdminKey() => DevelopmentKey.ReadOrMake(In("keys/admin-key"));

    public string In(string name) => Path.Combine(_state, name);

    public string StorageRoot(string site) => Directory.CreateDirectory(In($"sites/{site}")).FullName;

    // A misspelt name would leave the port as it was, and say nothing.
    private void RefuseUnknownPorts()
    {
        var names = _configuration.GetSection("Ports").GetChildren().Select(child => child.Key);
        if (names.Except(PortNames, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } unknown)
        {
            throw new DistributedApplicationException(
                $"Setting Ports:{unknown} is unknown; there are Ports:{string.Join(", Ports:", PortNames)}.");
        }
    }

    private int Port(string name, int fallback, int count = 1)
    {
        var text = _configuration[$"Ports:{name}"];
        if (text is null)
        {
            // Written back, so that whoever reports a port in use can name the setting that changes it.
            _configuration[$"Ports:{name}"] = fallback.ToString(CultureInfo.InvariantCulture);
            return fallback;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port >= 1 && port + count - 1 <= MaxPort
            ? port
            : throw new DistributedApplicationException(
                $"Setting Ports:{name} is '{text}'; it must be a port number from 1 to {MaxPort - count + 1}.");
    }
}
