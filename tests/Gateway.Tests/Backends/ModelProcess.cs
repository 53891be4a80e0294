using System.Net.Http.Json;
using Continuity.Testing;
using Continuity.Testing.Processes;

namespace Continuity.Gateway.Tests.Backends;

/// <summary>A sample model server as a process of its own, to be killed, stopped and misled.</summary>
internal sealed class ModelProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Client = new();

    private ModelProcess(ChildProcess process, Uri address)
    {
        Process = process;
        Address = address;
    }

    public ChildProcess Process { get; }

    public Uri Address { get; }

    public static async Task<ModelProcess> StartAsync(int tokens = 128, int tokenDelayMilliseconds = 5)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var process = await ChildProcess.StartProjectAsync("samples/ModelServer", [], new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = address.ToString(),
            ["Model__Name"] = "chat",
            ["Model__Tokens"] = $"{tokens}",
            ["Model__FirstTokenDelay"] = "00:00:00.005",
            ["Model__TokenDelay"] = $"00:00:00.{tokenDelayMilliseconds:000}",
            ["Logging__LogLevel__Default"] = "Warning",
        });
        await process.WaitForHttpOkAsync(new Uri(address, "/health"), StartDeadline);
        return new ModelProcess(process, address);
    }

    /// <summary>Switches a fault on.</summary>
    public async Task BreakAsync(object fault)
    {
        using var response = await Client.PostAsJsonAsync(new Uri(Address, "/faults"), fault);
        response.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync()
    {
        // A stopped process takes no other signal than this one.
        Process.Signal(UnixSignal.Continue);
        return Process.DisposeAsync();
    }
}
