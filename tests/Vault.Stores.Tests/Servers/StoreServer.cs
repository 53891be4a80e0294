namespace Continuity.Vault.Stores.Tests.Servers;

/// <summary>A real server shared by the tests of one class. Where it cannot run, the tests are skipped with the reason;
/// on a build server (CI=true) they fail.</summary>
public abstract class StoreServer : IAsyncLifetime
{
    private ServerProcess? _process;
    private string? _missing;
    private string? _data;

    /// <summary>Gets the port that the server listens on; skips the test if it does not.</summary>
    public int Port
    {
        get
        {
            Assert.SkipWhen(_missing is not null, $"{GetType().Name} is missing: {_missing}");
            return _process!.Port; // Set unless the reason is.
        }
    }

    protected string Data => _data ??= TestStores.CreateDataFolder();

    public async ValueTask InitializeAsync()
    {
        try
        {
            _process = await StartAsync(await TestStores.GetAsync());
            await PrepareAsync();
        }
        catch (Exception exception) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            _missing = exception.Message;
            TestContext.Current.SendDiagnosticMessage($"{GetType().Name} is missing: {_missing}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        if (_data is not null)
        {
            Directory.Delete(_data, recursive: true);
        }

        GC.SuppressFinalize(this);
    }

    private protected abstract Task<ServerProcess> StartAsync(string programs);

    /// <summary>Does what the server needs before its first test.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;
}
