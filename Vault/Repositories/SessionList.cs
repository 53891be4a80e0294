using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Repositories;

/// <summary>The sessions of a repository at a moment, judged by the store's clock alone.</summary>
internal sealed class SessionList
{
    private readonly Dictionary<BlobId, (string Name, DateTimeOffset Modified)> _newest = [];
    private readonly List<string> _expiredNames = [];

    private SessionList(DateTimeOffset now) => Now = now;

    /// <summary>Now, by the store's clock.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Signs of life that nobody needs any more.</summary>
    public IReadOnlyList<string> ExpiredNames => _expiredNames;

    /// <summary>Lists the sessions; one's own, freshly renewed, tells the time.</summary>
    public static async Task<SessionList> ReadAsync(
        SealedStore store, Session own, CancellationToken cancellationToken)
    {
        await own.RenewAsync(cancellationToken);
        var now = (await store.Blobs.StatAsync(own.NewestName, cancellationToken))?.Modified
            ?? throw new CorruptBlobException(own.NewestName, "it vanished as soon as it was written");
        var list = new SessionList(now);
        await foreach (var blob in store.Blobs.ListAsync(BlobNames.Sessions, cancellationToken))
        {
            if (!BlobNames.TryParseSession(blob.Name, out var session) || session == own.Id)
            {
                continue;
            }

            if (now - blob.Modified > Session.Expiry)
            {
                list._expiredNames.Add(blob.Name);
            }
            else if (!list._newest.TryGetValue(session, out var known) || known.Modified < blob.Modified)
            {
                list._newest[session] = (blob.Name, blob.Modified);
            }
        }

        return list;
    }

    /// <summary>The sessions that haven't expired, without one's own.</summary>
    public IReadOnlyCollection<BlobId> Alive => _newest.Keys;

    public bool IsAlive(BlobId session) => _newest.ContainsKey(session);

    /// <summary>Finds another prune.</summary>
    /// <returns>Who runs it, or null.</returns>
    public async Task<string?> FindPruneAsync(SealedStore store, CancellationToken cancellationToken)
    {
        foreach (var (name, _) in _newest.Values)
        {
            try
            {
                if (BlobNames.TryParseId(name, out var id)
                    && await store.TryReadAsync(name, BlobKind.Session, id, cancellationToken) is { } content
                    && Session.Read(content, name) is (SessionKind.Prune, var owner))
                {
                    return owner;
                }
            }
            catch (CorruptBlobException)
            {
                // What a dying process left. It counts as a session until it expires, whatever it was.
            }
        }

        return null;
    }
}
