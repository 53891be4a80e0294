using System.Security.Cryptography;
using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Snapshots;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Repositories;

/// <summary>An opened repository: what backup, restore and maintenance work on.</summary>
/// <remarks>Opening takes no lock: any number of processes may have a repository open, and back up into it, at once.
/// Thread-safe. The store stays the caller's: it isn't disposed with the repository.</remarks>
public sealed class Repository
{
    private Repository(SealedStore store, RepositoryConfig config, TimeProvider time)
    {
        Store = store;
        Config = config;
        Time = time;
    }

    /// <summary>Gets the repository's id.</summary>
    public BlobId Id => Store.Keys.RepositoryId;

    /// <summary>Gets where the repository is, for messages.</summary>
    public string Description => Store.Blobs.Description;

    /// <summary>Gets the key that it was opened with.</summary>
    /// <value>Null for a repository that was made by this very object.</value>
    public KeyDescription? Key { get; private init; }

    /// <summary>Gets whether the key it was opened with can read; a writer's key can't.</summary>
    public bool CanRead => Store.Keys.CanRead;

    internal SealedStore Store { get; }

    internal RepositoryConfig Config { get; }

    internal TimeProvider Time { get; }

    /// <summary>Makes a repository in an empty store.</summary>
    /// <param name="store">Where.</param>
    /// <param name="secret">What the first key is wrapped with.</param>
    /// <param name="options">What can be chosen.</param>
    /// <param name="time">The clock that dates keys and snapshots.</param>
    /// <param name="cancellationToken">Ends the call; what was written is then garbage without a `config`.</param>
    /// <returns>The repository, open.</returns>
    /// <exception cref="RepositoryExistsException">There is one already.</exception>
    public static async Task<Repository> InitializeAsync(
        IBlobStore store, KeySecret secret, RepositoryOptions options, TimeProvider time,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (await store.StatAsync(BlobNames.Config, cancellationToken) is not null)
        {
            throw new RepositoryExistsException(store.Description);
        }

        var keys = KeyRing.FromRepositoryKey(
            BlobId.NewRandom(), RandomNumberGenerator.GetBytes(KeyRing.KeyBytes));
        var now = time.GetUtcNow();
        var config = new RepositoryConfig
        {
            Created = UnixTime.ToNanoseconds(now),
            PackBytes = options.Parity ? RepositoryConfig.ParityPackBytes : RepositoryConfig.DefaultPackBytes,
            Parity = options.Parity,
            PublicKey = keys.PublicKey,
        };

        // The key first: a repository exists from the moment it has a config, and must then be possible to open.
        await KeyStore.AddAsync(
            store, keys, config, new NewKey(KeyKind.Full, options.KeyLabel, now, secret), cancellationToken);
        var blob = SealedBlob.Seal(keys, BlobKind.Config, keys.RepositoryId, config.Write().Span);
        var outcome = await store.PutAsync(BlobNames.Config, blob, PutCondition.IfAbsent, cancellationToken);
        return outcome == PutOutcome.Written
            ? new Repository(new SealedStore(store, keys), config, time)
            : throw new RepositoryExistsException(store.Description);
    }

    /// <summary>Opens a repository.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="secret">The secret of any of its keys.</param>
    /// <param name="time">The clock that dates keys and snapshots.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The repository.</returns>
    /// <exception cref="RepositoryNotFoundException">There is none.</exception>
    /// <exception cref="WrongKeyException">The secret opens none of its keys.</exception>
    /// <exception cref="CorruptBlobException">Its `config`, or the one key that fits, is damaged.</exception>
    /// <exception cref="UnsupportedFormatException">A newer program made it.</exception>
    public static async Task<Repository> OpenAsync(
        IBlobStore store, KeySecret secret, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(time);
        var blob = await ReadConfigAsync(store, cancellationToken);
        var header = BlobHeader.Read(blob, BlobNames.Config, BlobKind.Config, null);
        var damaged = new List<CorruptBlobException>();
        var stored = await KeyStore.ReadAllAsync(store, damaged.Add, cancellationToken);
        if (KeyStore.Open(stored, header.Id, secret) is not var (keys, config, key))
        {
            // Without damage the secret is wrong; with damage it may be right for a key that is broken.
            throw damaged.Count > 0 ? damaged[0] : new WrongKeyException(store.Description, stored.Count);
        }

        config ??= RepositoryConfig.Read(
            SealedBlob.Open(keys, blob, BlobNames.Config, BlobKind.Config, header.Id).Bytes, BlobNames.Config);
        return new Repository(new SealedStore(store, keys), config, time) { Key = key };
    }

    /// <summary>Lists the snapshots, oldest first.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The snapshots.</returns>
    /// <exception cref="CorruptBlobException">A snapshot is damaged: verify names it, and what it affects.</exception>
    public Task<IReadOnlyList<SnapshotInfo>> ListSnapshotsAsync(CancellationToken cancellationToken) =>
        ListSnapshotsAsync(null, cancellationToken);

    /// <summary>Lists the snapshots that can be read, oldest first.</summary>
    /// <param name="onDamaged">Told of each that can't be; null makes damage an error.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The snapshots.</returns>
    public async Task<IReadOnlyList<SnapshotInfo>> ListSnapshotsAsync(
        Action<CorruptBlobException>? onDamaged, CancellationToken cancellationToken) =>
        await SnapshotStore.ReadAllAsync(Store, onDamaged, cancellationToken);

    /// <summary>Adds a key; rewrites nothing else.</summary>
    /// <param name="kind">What the key can do.</param>
    /// <param name="label">Its name for people.</param>
    /// <param name="secret">What it is wrapped with.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The key.</returns>
    /// <exception cref="WriterKeyException">The repository was opened with a writer's key.</exception>
    public Task<KeyDescription> AddKeyAsync(
        KeyKind kind, string label, KeySecret secret, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(secret);
        return CanRead
            ? KeyStore.AddAsync(
                Store.Blobs, Store.Keys, Config, new NewKey(kind, label, Time.GetUtcNow(), secret), cancellationToken)
            : throw new WriterKeyException("adding a key");
    }

    /// <summary>Replaces the key that the repository was opened with by one of the same kind and label; rewrites
    /// nothing else, and so takes the same time whatever the repository's size.</summary>
    /// <param name="secret">What the new key is wrapped with.</param>
    /// <param name="cancellationToken">Ends the call; in the middle of it both keys open the repository.</param>
    /// <returns>The new key.</returns>
    /// <exception cref="WriterKeyException">The repository was opened with a writer's key.</exception>
    public async Task<KeyDescription> ChangeKeyAsync(KeySecret secret, CancellationToken cancellationToken)
    {
        var old = Key ?? (await ListKeysAsync(cancellationToken))[0];
        var added = await AddKeyAsync(old.Kind, old.Label, secret, cancellationToken);
        if (BlobId.TryParse(old.Id, out var blob))
        {
            await Store.Blobs.DeleteAsync(BlobNames.Key(blob), cancellationToken);
        }

        return added;
    }

    /// <summary>Lists the keys, oldest first.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The keys, without what is secret.</returns>
    public async Task<IReadOnlyList<KeyDescription>> ListKeysAsync(CancellationToken cancellationToken)
    {
        var stored = await KeyStore.ReadAllAsync(Store.Blobs, null, cancellationToken);
        return [.. stored.Select(key => key.Key.Description).OrderBy(key => key.Created)];
    }

    /// <summary>Removes a key, but never the last full one: the repository could then not be opened again.</summary>
    /// <param name="id">The key's id.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Whether it was removed; if not, there is no such key, or it is the last full one.</returns>
    /// <remarks>A holder who opened the repository before may have kept the repository key itself.</remarks>
    public async Task<bool> RemoveKeyAsync(string id, CancellationToken cancellationToken)
    {
        var keys = await ListKeysAsync(cancellationToken);
        var isNeeded = !keys.Any(key => key.Kind == KeyKind.Full && key.Id != id);
        if (isNeeded || !keys.Any(key => key.Id == id) || !BlobId.TryParse(id, out var blob))
        {
            return false;
        }

        await Store.Blobs.DeleteAsync(BlobNames.Key(blob), cancellationToken);
        return true;
    }

    /// <summary>Gets the same repository as seen through another store.</summary>
    internal Repository Through(IBlobStore store) =>
        new(new SealedStore(store, Store.Keys), Config, Time) { Key = Key };

    private static async Task<byte[]> ReadConfigAsync(IBlobStore store, CancellationToken cancellationToken)
    {
        const int MaximumConfigBytes = 64 << 10;
        try
        {
            return await store.GetWholeAsync(BlobNames.Config, MaximumConfigBytes, cancellationToken);
        }
        catch (BlobNotFoundException)
        {
            throw new RepositoryNotFoundException(store.Description);
        }
        catch (InvalidDataException exception)
        {
            throw new CorruptBlobException(BlobNames.Config, exception.Message, exception);
        }
    }
}
