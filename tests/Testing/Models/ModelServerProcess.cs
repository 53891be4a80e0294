using System.Net.Http.Json;
using Continuity.Testing.Processes;

namespace Continuity.Testing.Models;

/// <summary>A sample model server as a child process, on one port for its whole life, restarts included.</summary>
public sealed class ModelServerProcess : IAsyncDisposable
{
    public const string Project = "samples/ModelServer";
    public const string DefaultModel = "sample-chat";

    private static readonly TimeSpan _startDeadline = TimeSpan.FromSeconds(60);

    private readonly IReadOnlyDictionary<string, string> _environment;
    private ChildProcess? _process;

    private ModelServerProcess(int port, string replica, IReadOnlyDictionary<string, string> settings)
    {
        Address = new Uri($"http://127.0.0.1:{port}");
        Replica = replica;
        _environment = new Dictionary<string, string>(settings.Select(
            setting => KeyValuePair.Create($"Model__{setting.Key}", setting.Value)))
        {
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["Model__Replica"] = replica,
        };
        Client = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public string Replica { get; }

    /// <summary>A client of this server.</summary>
    public HttpClient Client { get; }

    public ChildProcess Process =>
        _process ?? throw new InvalidOperationException("The model server has not been started.");

    /// <summary>A server on a free port, ready to answer.</summary>
    /// <param name="replica">Its id.</param>
    /// <param name="settings">Of the section <c>Model</c>: <c>("TokenDelay", "00:00:00.010")</c>.</param>
    public static async Task<ModelServerProcess> StartAsync(
        string replica = "model-1", params (string Name, string Value)[] settings)
    {
        var server = new ModelServerProcess(
            FreePort.Next(), replica, settings.ToDictionary(setting => setting.Name, setting => setting.Value));
        await server.RestartAsync();
        return server;
    }

    /// <summary>kill -9: connections break, and new ones are refused.</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>Starts it, or ends it and starts it again without any fault, on the same port.</summary>
    public async Task RestartAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _process = await ChildProcess.StartProjectAsync(Project, [], _environment);
        await _process.WaitForHttpOkAsync(new Uri(Address, "/health"), _startDeadline);
    }

    /// <summary>Switches a fault: <c>new { mode = "cut", afterTokens = 5 }</c>.</summary>
    public async Task SetFaultAsync(object plan)
    {
        using var response = await Client.PostAsJsonAsync("/faults", plan);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}
