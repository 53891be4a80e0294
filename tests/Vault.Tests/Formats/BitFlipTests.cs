using Continuity.Vault.Backup;
using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Maintenance;
using Continuity.Vault.Packs;
using Continuity.Vault.Repositories;
using Continuity.Vault.Storage;
using Continuity.Vault.Tests.Fixtures;

namespace Continuity.Vault.Tests.Formats;

/// <summary>Every single bit of a blob of every kind, flipped: the reader notices, and names the blob.</summary>
public sealed class BitFlipTests
{
    private static readonly Dictionary<string, BlobKind> SealedKinds = new()
    {
        [BlobNames.Config] = BlobKind.Config,
        [BlobNames.Indexes] = BlobKind.Index,
        [BlobNames.Snapshots] = BlobKind.Snapshot,
        [BlobNames.Sessions] = BlobKind.Session,
        [BlobNames.Marks] = BlobKind.Mark,
        [BlobNames.Tombstones] = BlobKind.Tombstone,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(KeyKind.Full)]
    [InlineData(KeyKind.Writer)]
    public async Task EveryBit_OfEveryKindOfBlob_IsNoticedWhenFlipped(KeyKind kind)
    {
        using var test = await TestRepository.CreateAsync(parity: true);
        await using var session = await MakeAllKindsAsync(test, kind);
        var kinds = new SortedSet<string>(StringComparer.Ordinal);
        long flips = 0;

        await foreach (var blob in test.Store.ListAsync(string.Empty, Cancellation))
        {
            var content = await test.Store.GetWholeAsync(blob.Name, 1 << 20, Cancellation);
            var read = await ReaderOfAsync(test, blob.Name);
            read(content);
            kinds.Add(KindOf(blob.Name));
            // The agreement of a writer's key takes its time; of its packs, the padding is sampled.
            var step = kind == KeyKind.Writer && content.Length >= 4096 ? 61 : 1;
            for (var bit = 0; bit < content.Length * 8; bit += bit < 2000 ? 1 : step)
            {
                content[bit / 8] ^= (byte)(1 << (bit % 8));
                var exception = Record.Exception(() => read(content));
                content[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.True(
                    exception is CorruptBlobException corrupt && corrupt.BlobName == blob.Name,
                    $"Bit {bit} of {blob.Name} ({content.Length} bytes) gave {exception}.");
                flips++;
            }
        }

        Assert.Equal(
            [
                "config", "index/", "keys/", "marks/", "marks/-sessions", "packs/", "parity/", "sessions/",
                "snapshots/", "tombstones/",
            ],
            kinds);
        Assert.True(flips > (kind == KeyKind.Full ? 100_000 : 30_000), $"{flips} flips are too few.");
    }

    /// <summary>Leaves a blob of each kind: something is backed up and forgotten, and a prune that must wait for a
    /// session marks its packs.</summary>
    private static async Task<Session> MakeAllKindsAsync(TestRepository test, KeyKind kind)
    {
        using var secret = KeySecret.FromKeyFile("a writer's key file of 32 bytes or more"u8);
        await test.Repository.AddKeyAsync(kind, "second", secret, Cancellation);
        var second = await Repository.OpenAsync(test.Store, secret, TimeProvider.System, Cancellation);
        var session = await Session.BeginAsync(
            second.Store, SessionKind.Write, TimeProvider.System, Cancellation);
        var ids = new List<BlobId>();
        foreach (var text in (string[])["first", "second"])
        {
            File.WriteAllText(test.InSource("file"), text);
            var options = new BackupOptions { Roots = [test.Source], Workers = 1 };
            ids.Add((await BackupOperation.RunAsync(second, options, null, Cancellation)).Snapshot);
        }

        var plan = await ForgetOperation.PlanAsync(test.Repository, [ids[0].ToString()], Cancellation);
        await ForgetOperation.ExecuteAsync(test.Repository, plan, Cancellation);
        await PruneOperation.RunAsync(
            test.Repository, new PruneOptions { Grace = TimeSpan.Zero, MinimumUse = 0 }, Cancellation);
        var tombstone = BlobId.NewRandom();
        await test.Repository.Store.WriteAsync(
            BlobNames.Tombstone(tombstone), BlobKind.Tombstone, tombstone, PackList.Write([BlobId.NewRandom()]),
            Cancellation);
        return session;
    }

    private static string KindOf(string name) =>
        name == BlobNames.Config ? name
        : name.EndsWith(BlobNames.MarkSessionsSuffix, StringComparison.Ordinal)
            ? BlobNames.Marks + BlobNames.MarkSessionsSuffix
        : name[..(name.IndexOf('/') + 1)];

    private static async Task<Action<byte[]>> ReaderOfAsync(TestRepository test, string name)
    {
        var keys = test.Repository.Store.Keys;
        switch (KindOf(name))
        {
            case BlobNames.Keys:
                return content => KeyBlob.Read(content, name);
            case BlobNames.Packs:
                Assert.True(BlobNames.TryParseId(name, out var pack));
                var kind = (BlobKind)(await test.Store.GetWholeAsync(name, 1 << 20, Cancellation))[10];
                return content => ReadPack(keys, pack, kind, content);
            case BlobNames.Parities:
                Assert.True(BlobNames.TryParseId(name, out var mended));
                var sound = await test.Store.GetWholeAsync(BlobNames.Pack(mended), 1 << 20, Cancellation);
                return content => PackParity.Mend(mended, sound, content);
            case var prefix:
                var isSessions = prefix.EndsWith(BlobNames.MarkSessionsSuffix, StringComparison.Ordinal);
                BlobId? id = BlobNames.TryParseId(name, out var named) ? named : null;
                return content => SealedBlob.Open(
                    keys, content, name, isSessions ? BlobKind.MarkSessions : SealedKinds[prefix],
                    isSessions ? null : id);
        }
    }

    private static void ReadPack(KeyRing keys, BlobId id, BlobKind kind, byte[] content)
    {
        using var reader = new PackReader(keys, id, kind, content);
        var payload = new byte[content.Length];
        var offset = BlobHeader.Length;
        foreach (var entry in reader.OpenWhole(content))
        {
            reader.OpenFrame(entry, offset, content.AsSpan(offset, entry.FrameLength), payload);
            offset += entry.FrameLength;
        }
    }
}
