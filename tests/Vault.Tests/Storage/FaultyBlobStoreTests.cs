using Continuity.Vault.Storage;

namespace Continuity.Vault.Tests.Storage;

public sealed class FaultyBlobStoreTests : IAsyncDisposable
{
    private readonly MemoryBlobStore _memory = new(TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _memory.DisposeAsync();

    [Theory]
    [InlineData(Fault.KillBefore, null)]
    [InlineData(Fault.KillAfter, 100L)]
    [InlineData(Fault.TornThenKill, 50L)]
    public async Task Put_Killed_LeavesWhatTheFaultSaysAndEndsAllCalls(Fault fault, long? left)
    {
        await using var store = new FaultyBlobStore(_memory, FaultPlan.At(1, fault));
        await store.PutAsync("first", new byte[1], PutCondition.None, Cancellation);

        await Assert.ThrowsAsync<ProcessKilledException>(
            async () => await store.PutAsync("second", new byte[100], PutCondition.None, Cancellation));
        await Assert.ThrowsAsync<ProcessKilledException>(async () => await store.StatAsync("first", Cancellation));

        Assert.Equal(left, (await _memory.StatAsync("second", Cancellation))?.Length);
    }

    [Fact]
    public async Task Get_ReadFaults_ChangeWhatIsRead()
    {
        await _memory.PutAsync("a", new byte[100], PutCondition.None, Cancellation);
        var destination = new byte[100];

        var shortened = await new FaultyBlobStore(_memory, FaultPlan.At(0, Fault.ShortRead))
            .GetAsync("a", 0, destination, Cancellation);
        await new FaultyBlobStore(_memory, FaultPlan.At(0, Fault.FlippedBit))
            .GetAsync("a", 0, destination, Cancellation);

        Assert.Equal(99, shortened);
        Assert.Equal(1, destination.Sum(value => value));
    }

    [Fact]
    public async Task Seeded_SameSeed_FailsAtTheSameOperations()
    {
        var first = await FailuresAsync(7);

        Assert.Equal(first, await FailuresAsync(7));
        Assert.InRange(first.Count, 1, 99);
        Assert.NotEqual(first, await FailuresAsync(8));
    }

    private async Task<List<int>> FailuresAsync(int seed)
    {
        var store = new FaultyBlobStore(_memory, FaultPlan.Seeded(seed, 0.3, Fault.Unavailable, Fault.Full));
        var failures = new List<int>();
        for (var operation = 0; operation < 100; operation++)
        {
            try
            {
                await store.PutAsync("a", new byte[1], PutCondition.None, Cancellation);
            }
            catch (StoreException)
            {
                failures.Add(operation);
            }
        }

        return failures;
    }
}
