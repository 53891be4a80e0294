using Continuity.Vault.Storage;

namespace Continuity.Vault.Tests.Storage;

/// <summary>What every implementation of <see cref="IBlobStore"/> must do; a class per implementation derives from
/// it.</summary>
public abstract class BlobStoreContract : IAsyncLifetime
{
    private IBlobStore? _store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Gets the length of the largest blob that the suite writes: more than one part of an upload.</summary>
    protected virtual int LargeBytes => (9 << 20) + 4097;

    private IBlobStore Store => _store ?? throw new InvalidOperationException("InitializeAsync opens the store.");

    public async ValueTask InitializeAsync() => _store = await OpenEmptyAsync();

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Put_NewBlob_IsReadBackWhole()
    {
        var content = Bytes(1, 70_001);

        var outcome = await Store.PutAsync("packs/ab/abcd.pack", content, PutCondition.None, Cancellation);

        Assert.Equal(PutOutcome.Written, outcome);
        Assert.Equal(content, await Store.GetWholeAsync("packs/ab/abcd.pack", 1 << 20, Cancellation));
    }

    [Fact]
    public async Task Put_LargeAlignedBlob_IsReadBackWhole()
    {
        using var buffer = AlignedMemoryPool.Shared.Rent(LargeBytes);
        var content = buffer.Memory[..LargeBytes];
        new Random(2).NextBytes(content.Span);

        await Store.PutAsync("large", content, PutCondition.IfAbsent, Cancellation);

        var read = await Store.GetWholeAsync("large", LargeBytes, Cancellation);
        Assert.True(content.Span.SequenceEqual(read));
    }

    [Fact]
    public async Task Put_EmptyBlob_Exists()
    {
        await Store.PutAsync("empty", ReadOnlyMemory<byte>.Empty, PutCondition.None, Cancellation);

        var info = await Store.StatAsync("empty", Cancellation);

        Assert.Equal(0, info?.Length);
        Assert.Equal(0, await Store.GetAsync("empty", 0, new byte[10], Cancellation));
    }

    [Fact]
    public async Task Put_ExistingBlob_IsReplaced()
    {
        await Store.PutAsync("keys/one", Bytes(3, 5000), PutCondition.None, Cancellation);

        var outcome = await Store.PutAsync("keys/one", Bytes(4, 100), PutCondition.None, Cancellation);

        Assert.Equal(PutOutcome.Written, outcome);
        Assert.Equal(Bytes(4, 100), await Store.GetWholeAsync("keys/one", 5000, Cancellation));
    }

    [Fact]
    public async Task PutIfAbsent_ExistingBlob_IsKept()
    {
        await Store.PutAsync("config", Bytes(5, 300), PutCondition.IfAbsent, Cancellation);

        var outcome = await Store.PutAsync("config", Bytes(6, 200), PutCondition.IfAbsent, Cancellation);

        Assert.Equal(PutOutcome.AlreadyExists, outcome);
        Assert.Equal(Bytes(5, 300), await Store.GetWholeAsync("config", 1000, Cancellation));
    }

    [Fact]
    public async Task PutIfAbsent_ManyAtOnce_ExactlyOneWrites()
    {
        var capabilities = await Store.GetCapabilitiesAsync(Cancellation);
        Assert.SkipUnless(capabilities.ConditionalPut, "The store reports that it decides no conditions.");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
            (writer, outcome: await Store.PutAsync("race", Bytes(writer, 4096), PutCondition.IfAbsent, Cancellation))));

        var (winner, _) = Assert.Single(outcomes, outcome => outcome.outcome == PutOutcome.Written);
        Assert.Equal(Bytes(winner, 4096), await Store.GetWholeAsync("race", 5000, Cancellation));
    }

    [Theory]
    [InlineData(0, 10, 10)]
    [InlineData(4090, 20, 20)]
    [InlineData(9990, 20, 10)]
    [InlineData(10_000, 20, 0)]
    [InlineData(50_000, 20, 0)]
    public async Task Get_Range_FillsAsFarAsTheBlobReaches(int offset, int length, int expected)
    {
        var content = Bytes(7, 10_000);
        await Store.PutAsync("ranged", content, PutCondition.None, Cancellation);

        var destination = new byte[length];
        var read = await Store.GetAsync("ranged", offset, destination, Cancellation);

        Assert.Equal(expected, read);
        Assert.Equal(content.AsSpan(Math.Min(offset, 10_000), expected), destination.AsSpan(0, read));
    }

    [Fact]
    public async Task Get_MissingBlob_NamesIt()
    {
        var exception = await Assert.ThrowsAsync<BlobNotFoundException>(
            async () => await Store.GetAsync("packs/none", 0, new byte[1], Cancellation));

        Assert.Equal("packs/none", exception.BlobName);
        Assert.Contains(Store.Description, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stat_MissingBlob_IsNull()
    {
        Assert.Null(await Store.StatAsync("packs/none", Cancellation));
    }

    [Fact]
    public async Task List_ByPrefix_ShowsEachBlobOnceWithLength()
    {
        string[] names = ["index/a1", "index/a2", "index/b1", "index.old", "packs/a/1", "packs/b/2", "config"];
        foreach (var name in names)
        {
            await Store.PutAsync(name, Bytes(8, name.Length), PutCondition.None, Cancellation);
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), await ListAsync(string.Empty));
        Assert.Equal(["index/a1", "index/a2", "index/b1"], await ListAsync("index/"));
        Assert.Equal(["index/a1", "index/a2"], await ListAsync("index/a"));
        Assert.Equal(["packs/a/1", "packs/b/2"], await ListAsync("packs/"));
        Assert.Empty(await ListAsync("snapshots/"));
        Assert.Empty(await ListAsync("index/a1/"));
    }

    [Fact]
    public async Task List_Blob_AgreesWithStat()
    {
        await Store.PutAsync("snapshots/s1", Bytes(9, 777), PutCondition.None, Cancellation);

        var listed = Assert.Single(await Store.ListAsync("snapshots/", Cancellation).ToListAsync(Cancellation));
        var stated = await Store.StatAsync("snapshots/s1", Cancellation);

        Assert.Equal(777, listed.Length);
        Assert.Equal(listed.Length, stated?.Length);
        Assert.True((listed.Modified - stated!.Value.Modified).Duration() < TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.Zero, listed.Modified.Offset);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Delete_Blob_IsGoneAndRepeatable(bool mayComeBackAfterACrash)
    {
        await Store.PutAsync("packs/x", Bytes(10, 10), PutCondition.None, Cancellation);

        for (var i = 0; i < 2; i++)
        {
            await (mayComeBackAfterACrash
                ? Store.DropAsync("packs/x", Cancellation)
                : Store.DeleteAsync("packs/x", Cancellation));
        }

        Assert.Null(await Store.StatAsync("packs/x", Cancellation));
        Assert.Empty(await ListAsync(string.Empty));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("../outside")]
    [InlineData("packs/../../outside")]
    [InlineData("packs//a")]
    [InlineData("packs/")]
    [InlineData(".put-1")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData("größe")]
    public async Task AnyCall_InvalidName_IsRefused(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await Store.PutAsync(name, new byte[1], PutCondition.None, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await Store.GetAsync(name, 0, new byte[1], Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.StatAsync(name, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.DeleteAsync(name, Cancellation));
    }

    [Fact]
    public async Task Put_Cancelled_LeavesNoPartAndWorksAgain()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Store.PutAsync("packs/c", Bytes(11, 100_000), PutCondition.None, cancelled.Token));
        var info = await Store.StatAsync("packs/c", Cancellation);

        Assert.True(info is null or { Length: 100_000 });
        await Store.PutAsync("packs/c", Bytes(12, 10), PutCondition.None, Cancellation);
        Assert.Equal(10, (await Store.StatAsync("packs/c", Cancellation))?.Length);
    }

    [Fact]
    public async Task RemoveAbandoned_CompletedBlobs_AreKept()
    {
        await Store.PutAsync("packs/kept", Bytes(13, 50), PutCondition.None, Cancellation);

        await Store.RemoveAbandonedAsync(TimeSpan.Zero, Cancellation);

        Assert.Equal(["packs/kept"], await ListAsync(string.Empty));
    }

    /// <summary>Opens a store that holds nothing.</summary>
    protected abstract ValueTask<IBlobStore> OpenEmptyAsync();

    /// <summary>Removes what the test left outside the store.</summary>
    protected virtual ValueTask CleanUpAsync() => ValueTask.CompletedTask;

    protected static byte[] Bytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private async Task<List<string>> ListAsync(string prefix)
    {
        var names = await Store.ListAsync(prefix, Cancellation).Select(blob => blob.Name).ToListAsync(Cancellation);
        names.Sort(StringComparer.Ordinal);
        return names;
    }
}
