using System.Globalization;
using Continuity.Testing.Processes;

namespace Continuity.Testing.Broker;

/// <summary>The development broker as a child process, on one port for its whole life, restarts included.</summary>
public sealed class BrokerProcess : IAsyncDisposable
{
    public const string Project = "eng/DevelopmentBroker";

    private static readonly TimeSpan _startDeadline = TimeSpan.FromSeconds(60);

    private readonly string[] _arguments;
    private ChildProcess? _process;

    private BrokerProcess(int port, IEnumerable<string> topics)
    {
        Port = port;
        _arguments =
        [
            "--port", port.ToString(CultureInfo.InvariantCulture),
            .. topics.SelectMany(topic => new[] { "--topic", topic }),
        ];
    }

    public int Port { get; }

    public string BootstrapServers => $"127.0.0.1:{Port}";

    public ChildProcess Process => _process ?? throw new InvalidOperationException("The broker has not been started.");

    /// <summary>A broker on a free port.</summary>
    /// <param name="topics">As <c>name:partitions</c>.</param>
    public static async Task<BrokerProcess> StartAsync(params string[] topics)
    {
        var broker = new BrokerProcess(FreePort.Next(), topics);
        await broker.RestartAsync();
        return broker;
    }

    /// <summary>kill -9: everything it held is gone.</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>Starts it, or ends it and starts it again, with its topics and no messages, on the same port.</summary>
    public async Task RestartAsync()
    {
        await DisposeAsync();
        _process = await ChildProcess.StartProjectAsync(Project, _arguments);
        await _process.WaitForLineAsync("READY", _startDeadline);
    }

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
