using Continuity.Testing.Models;

[assembly: AssemblyFixture(typeof(Continuity.ModelServer.Tests.ModelServerFixture))]

namespace Continuity.ModelServer.Tests;

/// <summary>One server without delays for the tests that leave it as they found it.</summary>
public sealed class ModelServerFixture : IAsyncLifetime
{
    public const int Tokens = 40;

    public static readonly (string Name, string Value) TokensSetting = ("Tokens", $"{Tokens}");

    private ModelServerProcess? _server;

    public ModelServerProcess Server => _server ?? throw new InvalidOperationException("Not initialised.");

    public HttpClient Client => Server.Client;

    public async ValueTask InitializeAsync() =>
        _server = await ModelServerProcess.StartAsync("shared", TokensSetting);

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
