using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Repositories;

/// <summary>What a session does.</summary>
internal enum SessionKind : byte
{
    Write = 1,
    Prune = 2,
}

/// <summary>A running backup's or prune's sign of life in the repository.</summary>
/// <remarks>Deletion waits for the sessions that were running when it was announced. A session that stops renewing
/// itself expires; it can't block anything for longer.</remarks>
internal sealed class Session : IAsyncDisposable
{
    public static readonly TimeSpan Renewal = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan Expiry = TimeSpan.FromHours(1);

    private readonly SealedStore _store;
    private readonly SessionKind _kind;
    private readonly CancellationTokenSource _ended = new();
    private readonly List<string> _names = [];
    private readonly SemaphoreSlim _gate = new(1);
    private readonly PeriodicTimer _timer;
    private Task _renewing = Task.CompletedTask;

    private Session(SealedStore store, SessionKind kind, TimeProvider time)
    {
        _store = store;
        _kind = kind;
        _timer = new PeriodicTimer(Renewal, time);
    }

    public BlobId Id { get; } = BlobId.NewRandom();

    /// <summary>Gets the name of the newest sign of life; its modification time is the store's clock.</summary>
    public string NewestName => _names[^1];

    /// <summary>Begins a session: it is visible to everyone when the call returns.</summary>
    public static async Task<Session> BeginAsync(
        SealedStore store, SessionKind kind, TimeProvider time, CancellationToken cancellationToken)
    {
        var session = new Session(store, kind, time);
        await session.RenewAsync(cancellationToken);
        session._renewing = session.KeepRenewingAsync();
        return session;
    }

    /// <summary>Puts a fresh sign of life and removes the older ones.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var id = BlobId.NewRandom();
            var name = BlobNames.Session(Id, id);
            var content = new FormatWriter();
            content.Byte((byte)_kind);
            content.Text(Environment.MachineName);
            content.VarInt(Environment.ProcessId);
            await _store.WriteAsync(name, BlobKind.Session, id, content.Memory, cancellationToken);
            var older = _names.ToArray();
            _names.Clear();
            _names.Add(name);
            await DeleteAsync(older);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Reads what a sign of life says.</summary>
    public static (SessionKind Kind, string Owner) Read(ReadOnlySpan<byte> content, string blobName)
    {
        var reader = new FormatReader(content, blobName);
        var kind = (SessionKind)reader.Byte();
        var host = System.Text.Encoding.UTF8.GetString(reader.Bytes());
        return (kind, $"{host} (process {reader.VarInt()})");
    }

    public async ValueTask DisposeAsync()
    {
        // The timer first: who waits for its next tick is told that there is none, without an exception.
        _timer.Dispose();
        await _ended.CancelAsync();
        await _renewing;
        await DeleteAsync(_names);
        _ended.Dispose();
        _gate.Dispose();
    }

    private async Task KeepRenewingAsync()
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(CancellationToken.None))
            {
                try
                {
                    await RenewAsync(_ended.Token);
                }
                catch (IOException)
                {
                    // The next tick tries again; the commit renews once more and fails if it can't.
                }
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The session ends.
        }
    }

    // A sign of life that can't be deleted (an append-only store, a lost connection), or that comes back after the
    // store crashed, expires by itself.
    private async Task DeleteAsync(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            try
            {
                await _store.Blobs.DropAsync(name, CancellationToken.None);
            }
            catch (IOException)
            {
                return;
            }
        }
    }
}
