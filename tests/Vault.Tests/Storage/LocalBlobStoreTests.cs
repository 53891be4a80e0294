using Continuity.Testing;
using Continuity.Vault.Storage;
using Continuity.Vault.Tests.Fixtures;

namespace Continuity.Vault.Tests.Storage;

public sealed class LocalBlobStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RemoveAbandoned_FileOfADeadWriter_IsRemoved()
    {
        await using var store = Open();
        await store.PutAsync("packs/a", new byte[10], PutCondition.None, Cancellation);
        var remains = _folder.Combine("repository/packs/.put-0123");
        await File.WriteAllBytesAsync(remains, new byte[100], Cancellation);

        var removed = await store.RemoveAbandonedAsync(TimeSpan.Zero, Cancellation);

        Assert.Equal(1, removed);
        Assert.False(File.Exists(remains));
    }

    [Fact]
    public async Task RemoveAbandoned_FileOfALivingWriter_IsKept()
    {
        await using var store = Open();
        await store.PutAsync("packs/a", new byte[10], PutCondition.None, Cancellation);
        var running = _folder.Combine("repository/packs/.put-0123");
        using var writer = FileWriter.Create(running);

        var removed = await store.RemoveAbandonedAsync(TimeSpan.Zero, Cancellation);

        Assert.Equal(0, removed);
        Assert.True(File.Exists(running));
    }

    [Fact]
    public async Task Drop_WaitsForNoFlushWhereDeleteDoes()
    {
        var steps = new List<FileStep>();
        var options = new LocalBlobStoreOptions
        {
            BeforeStep = (step, bytes) =>
            {
                steps.Add(step);
                return bytes;
            },
        };
        await using var store = new LocalBlobStore(_folder.Combine("repository"), options, TimeProvider.System);
        await store.PutAsync("sessions/a", new byte[10], PutCondition.None, Cancellation);
        await store.PutAsync("sessions/b", new byte[10], PutCondition.None, Cancellation);

        steps.Clear();
        await store.DeleteAsync("sessions/a", Cancellation);
        await store.DropAsync("sessions/b", Cancellation);

        Assert.Equal([FileStep.Delete, FileStep.FlushFolder, FileStep.Delete], steps);
    }

    [Fact]
    public async Task Get_BlobWhoseWriterHasNotClosedIt_IsNotRefused()
    {
        await using var store = Open();
        await store.PutAsync("packs/a", new byte[10], PutCondition.None, Cancellation);
        // As a put is between its rename and its end.
        using var writer = FileWriter.Create(_folder.Combine("repository/packs/b"));
        RandomAccess.Write(writer, [1], fileOffset: 0);

        Assert.Equal(1, await store.GetAsync("packs/b", 0, new byte[1], Cancellation));
    }

    [Fact]
    public async Task RemoveAbandoned_YoungFile_IsKept()
    {
        await using var store = Open();
        await store.PutAsync("packs/a", new byte[10], PutCondition.None, Cancellation);
        await File.WriteAllBytesAsync(_folder.Combine("repository/packs/.put-0123"), new byte[100], Cancellation);

        Assert.Equal(0, await store.RemoveAbandonedAsync(TimeSpan.FromHours(1), Cancellation));
    }

    [Fact]
    public async Task List_ForeignAndTemporaryFiles_AreNotShown()
    {
        await using var store = Open();
        await store.PutAsync("packs/a", new byte[10], PutCondition.None, Cancellation);
        await File.WriteAllBytesAsync(_folder.Combine("repository/packs/.put-0123"), new byte[100], Cancellation);
        await File.WriteAllBytesAsync(_folder.Combine("repository/packs/my notes.txt"), new byte[100], Cancellation);

        var blob = Assert.Single(await store.ListAsync(string.Empty, Cancellation).ToListAsync(Cancellation));

        Assert.Equal("packs/a", blob.Name);
    }

    [Theory]
    [InlineData(PutCondition.None)]
    [InlineData(PutCondition.IfAbsent)]
    public async Task Put_Completed_LeavesNoTemporaryFile(PutCondition condition)
    {
        await using var store = Open();
        await store.PutAsync("packs/a", new byte[10], PutCondition.None, Cancellation);

        await store.PutAsync("packs/a", new byte[20], condition, Cancellation);

        Assert.Equal(
            [_folder.Combine("repository/packs/a")],
            Directory.GetFileSystemEntries(_folder.Combine("repository/packs")));
    }

    [Fact]
    public async Task Put_FolderWhereABlobShouldBe_FailsAndLeavesNothing()
    {
        await using var store = Open();
        Directory.CreateDirectory(_folder.Combine("repository/packs/a"));

        await Assert.ThrowsAnyAsync<StoreException>(
            async () => await store.PutAsync("packs/a", new byte[20], PutCondition.None, Cancellation));

        Assert.Equal(
            [_folder.Combine("repository/packs/a")],
            Directory.GetFileSystemEntries(_folder.Combine("repository/packs")));
    }

    [Fact]
    public async Task Put_FullDisk_SaysSoAndLeavesNothing()
    {
        using var disk = Mount.Small(_folder.Combine("small"), 1 << 20);
        await using var store = new LocalBlobStore(_folder.Combine("small"), null, TimeProvider.System);

        var exception = await Assert.ThrowsAsync<StoreFullException>(
            async () => await store.PutAsync("packs/a", new byte[2 << 20], PutCondition.None, Cancellation));

        Assert.Contains("packs/a", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Combine("small/packs")));
        await store.PutAsync("packs/b", new byte[100], PutCondition.None, Cancellation);
    }

    [Fact]
    public async Task Put_FileSystemWithoutDirectIO_FallsBack()
    {
        using var disk = Mount.Small(_folder.Combine("small"), 8 << 20);
        await using var store = new LocalBlobStore(_folder.Combine("small"), null, TimeProvider.System);
        using var buffer = AlignedMemoryPool.Shared.Rent(4 << 20);
        new Random(1).NextBytes(buffer.Memory.Span);

        await store.PutAsync("a", buffer.Memory[..((2 << 20) + 5)], PutCondition.None, Cancellation);

        Assert.Equal(buffer.Memory[..((2 << 20) + 5)], await store.GetWholeAsync("a", 4 << 20, Cancellation));
    }

    private LocalBlobStore Open() => new(_folder.Combine("repository"), null, TimeProvider.System);
}
