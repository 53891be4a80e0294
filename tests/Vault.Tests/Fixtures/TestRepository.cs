using Continuity.Vault.Backup;
using Continuity.Vault.Crypto;
using Continuity.Vault.Repositories;
using Continuity.Vault.Restore;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Tests.Fixtures;

/// <summary>A repository in a temporary folder, and short ways to use it.</summary>
internal sealed class TestRepository : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalBlobStore _store;

    private TestRepository()
    {
        Path = _folder.Combine("repository");
        Source = _folder.Make("source");
        Target = _folder.Combine("target");
        _store = new LocalBlobStore(Path, new LocalBlobStoreOptions { Flush = false }, TimeProvider.System);
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string Path { get; }

    public string Source { get; }

    public string Target { get; }

    public IBlobStore Store => _store;

    public Repository Repository { get; private set; } = null!;

    public static KeySecret Secret() => KeySecret.FromKeyFile(new byte[KeySecret.KeyFileBytes]);

    public static async Task<TestRepository> CreateAsync(bool parity = false)
    {
        var test = new TestRepository();
        using var secret = Secret();
        test.Repository = await Repository.InitializeAsync(
            test._store, secret, new RepositoryOptions { Parity = parity }, TimeProvider.System, Cancellation);
        return test;
    }

    public Task<BackupResult> BackupAsync(BackupOptions? options = null) => BackupOperation.RunAsync(
        Repository, options ?? new BackupOptions { Roots = [Source] }, null, Cancellation);

    public Task<RestoreResult> RestoreAsync(string snapshot = "latest", RestoreOptions? options = null) =>
        RestoreOperation.RunAsync(
            Repository, snapshot, options ?? new RestoreOptions { Target = Target }, null, Cancellation);

    public string InSource(string name) => System.IO.Path.Combine(Source, name);

    public string InTarget(string name) => System.IO.Path.Combine(Target, name);

    public string[] Blobs(string prefix) => Directory.Exists(System.IO.Path.Combine(Path, prefix))
        ? Directory.GetFiles(System.IO.Path.Combine(Path, prefix), "*", SearchOption.AllDirectories)
        : [];

    public void Dispose() => _folder.Dispose();
}
