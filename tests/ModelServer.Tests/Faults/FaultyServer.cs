using Continuity.Testing.Models;

namespace Continuity.ModelServer.Tests.Faults;

/// <summary>The server of the fault tests.</summary>
public sealed class FaultyServer : IAsyncLifetime
{
    public const int Tokens = 20;

    private ModelServerProcess? _process;

    public ModelServerProcess Process => _process ?? throw new InvalidOperationException("Not initialised.");

    public async ValueTask InitializeAsync() =>
        _process = await ModelServerProcess.StartAsync("faulty", ("Tokens", $"{Tokens}"));

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
