using Continuity.Vault.Codecs;
using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Maintenance;
using Continuity.Vault.Packs;
using Continuity.Vault.Repositories;
using Continuity.Vault.Tests.Fixtures;
using static Continuity.Vault.Tests.Fixtures.TestRepository;

namespace Continuity.Vault.Tests.Packs;

/// <summary>A checksum stands for a chunk's id only where the holder of the repository key vouches for it.</summary>
public sealed class ChecksumTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * i >> 8))];

    [Fact]
    public void Checksum_IsTheCanonicalXxHash128()
    {
        // The reference implementation's value of no bytes, seed 0.
        var payload = Convert.FromHexString("99AA06D3014798D86001C324468D497F");
        var written = new byte[ChecksummedPayload.ChecksumBytes];

        ChecksummedPayload.Write([], written);

        Assert.Equal(payload, written);
        Assert.True(ChecksummedPayload.Fits([], payload));
        Assert.False(ChecksummedPayload.Fits([0], payload));
        Assert.False(ChecksummedPayload.Fits([], payload.AsSpan(1)));
    }

    [Fact]
    public async Task Backup_StoresEveryChunkWithAChecksum()
    {
        using var test = await CreateAsync();
        File.WriteAllBytes(test.InSource("file"), Content);

        await test.BackupAsync();

        var index = await LoadAsync(test.Repository);
        var entries = index.Runs.SelectMany(run => Enumerable.Range(0, run.Count).Select(row => run.At(row).Entry));
        Assert.True(entries.Count() >= 2); // One of the file, one of the manifest.
        Assert.All(entries, entry => Assert.True(ChecksummedPayload.HasChecksum(entry.Codec)));
    }

    [Fact]
    public async Task Read_ChunkThatDoesNotFitItsChecksum_IsRefused()
    {
        using var test = await CreateAsync();
        var payload = Payload(Content);
        payload[3] ^= 1;
        var id = await PutAsync(test.Repository, test.Repository, Content, payload);

        var exception = await Assert.ThrowsAsync<CorruptBlobException>(() => ReadAsync(test.Repository, id));

        Assert.Contains("checksum", exception.Message, StringComparison.Ordinal);
        Assert.Contains(await VerifyAsync(test), problem => problem.Contains("checksum", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_OtherBytesThatAWritersKeyPutUnderAnId_AreRefused()
    {
        using var test = await CreateAsync();
        var writer = await WriterAsync(test);
        var id = await PutAsync(test.Repository, writer, Content, Payload([.. Content.Reverse()]));

        await Assert.ThrowsAsync<CorruptBlobException>(() => ReadAsync(test.Repository, id));
        Assert.Single(await VerifyAsync(test), problem => problem.Contains("decodes to", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_OtherBytesThatAWritersKeyPut_AreRefusedAfterTheirPackWasRewrittenToo()
    {
        using var test = await CreateAsync();
        var writer = await WriterAsync(test);
        var id = await PutAsync(test.Repository, writer, Content, Payload([.. Content.Reverse()]));
        var pack = (await LoadAsync(test.Repository)).Packs.ToArray().Single();

        // Knows the new pack only: which copy is read is left to chance else.
        var rewritten = new ChunkIndex(new PackTable(), ChunkTable.Empty);
        await using (var packs = new PackWriter(test.Repository.Store, rewritten, test.Repository.Config))
        {
            using var rewriter = new PackRewriter(test.Repository.Store, packs);
            rewriter.Move(pack, _ => true, Cancellation);
            await packs.CompleteAsync(Cancellation);
        }

        Assert.Throws<CorruptBlobException>(() => Read(test.Repository, rewritten, id));
    }

    [Fact]
    public async Task Verify_RecomputingIds_FindsBytesUnderAWrongIdWithAFittingChecksum()
    {
        using var test = await CreateAsync();
        await PutAsync(test.Repository, test.Repository, Content, Payload([.. Content.Reverse()]));

        var byChecksum = await VerifyAsync(test);
        var byId = await VerifyAsync(test, new VerifyOptions { Depth = VerifyDepth.Data, RecomputesIds = true });

        Assert.Empty(byChecksum);
        Assert.Single(byId, problem => problem.Contains("decodes to", StringComparison.Ordinal));
    }

    private static async Task<Repository> WriterAsync(TestRepository test)
    {
        using var secret = KeySecret.FromKeyFile("a writer's key file of 32 bytes or more"u8);
        await test.Repository.AddKeyAsync(KeyKind.Writer, "worker", secret, Cancellation);
        return await Repository.OpenAsync(test.Store, secret, TimeProvider.System, Cancellation);
    }

    private static byte[] Payload(byte[] raw)
    {
        var payload = new byte[ChecksummedPayload.ChecksumBytes + raw.Length];
        ChecksummedPayload.Write(raw, payload);
        raw.CopyTo(payload, ChecksummedPayload.ChecksumBytes);
        return payload;
    }

    // Stores a payload under the id of a content that it may not be of.
    private static async Task<ChunkId> PutAsync(Repository owner, Repository writer, byte[] content, byte[] payload)
    {
        var id = new ChunkHasher(owner.Store.Keys.ChunkIdKey).Hash(content);
        var entry = new PackEntry(
            id, ChecksummedPayload.CodecId(ChunkCodec.Raw), 0, content.Length, payload.Length, default);
        var index = new ChunkIndex(new PackTable(), ChunkTable.Empty);
        await using var packs = new PackWriter(writer.Store, index, writer.Config);
        packs.Append(BlobKind.DataPack, entry, payload, Cancellation);
        await packs.CompleteAsync(Cancellation);
        return id;
    }

    private static async Task<ChunkIndex> LoadAsync(Repository repository) =>
        (await IndexLoader.LoadAsync(repository.Store, _ => { }, Cancellation)).Index;

    private static async Task<int> ReadAsync(Repository repository, ChunkId id) =>
        Read(repository, await LoadAsync(repository), id);

    private static int Read(Repository repository, ChunkIndex index, ChunkId id)
    {
        using var fetcher = new ChunkFetcher(repository.Store, index);
        return fetcher.Read(id, new byte[FormatLimits.ChunkBytes], Cancellation);
    }

    private static async Task<IEnumerable<string>> VerifyAsync(TestRepository test, VerifyOptions? options = null)
    {
        var depth = options ?? new VerifyOptions { Depth = VerifyDepth.Data };
        var result = await VerifyOperation.RunAsync(test.Repository, depth, null, Cancellation);
        return result.Problems.Select(problem => problem.Sentence);
    }
}
