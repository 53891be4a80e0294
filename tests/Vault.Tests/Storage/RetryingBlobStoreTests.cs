using Continuity.Vault.Storage;

namespace Continuity.Vault.Tests.Storage;

public sealed class RetryingBlobStoreTests : IAsyncDisposable
{
    private static readonly RetryOptions Quick = new() { MaxAttempts = 4, FirstDelay = TimeSpan.FromMilliseconds(1) };

    private readonly MemoryBlobStore _memory = new(TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _memory.DisposeAsync();

    [Fact]
    public async Task Put_UnavailableOnce_IsTriedAgain()
    {
        await using var store = Retrying(FaultPlan.At(0, Fault.Unavailable));

        Assert.Equal(PutOutcome.Written, await store.PutAsync("a", new byte[3], PutCondition.None, Cancellation));
        Assert.Equal(3, (await _memory.StatAsync("a", Cancellation))?.Length);
    }

    [Fact]
    public async Task PutIfAbsent_AnswerLost_FindsItsOwnBlobAndSaysWritten()
    {
        await using var store = Retrying(FaultPlan.At(0, Fault.LostAnswer));

        Assert.Equal(PutOutcome.Written, await store.PutAsync("a", new byte[3], PutCondition.IfAbsent, Cancellation));
    }

    [Fact]
    public async Task PutIfAbsent_AnswerLostAndAnotherWritersBlob_SaysAlreadyExists()
    {
        await _memory.PutAsync("a", new byte[] { 9, 9, 9 }, PutCondition.None, Cancellation);
        await using var store = Retrying(FaultPlan.At(0, Fault.Unavailable));

        Assert.Equal(
            PutOutcome.AlreadyExists, await store.PutAsync("a", new byte[3], PutCondition.IfAbsent, Cancellation));
    }

    [Fact]
    public async Task AnyCall_UnavailableForEver_GivesUpAfterTheLimit()
    {
        var faulty = new FaultyBlobStore(_memory, FaultPlan.From(0, Fault.Unavailable));
        await using var store = new RetryingBlobStore(faulty, Quick, TimeProvider.System, new Random(1));

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.StatAsync("a", Cancellation));

        Assert.Equal(4, faulty.Operations);
    }

    [Fact]
    public async Task Put_Full_IsNotRetried()
    {
        var faulty = new FaultyBlobStore(_memory, FaultPlan.From(0, Fault.Full));
        await using var store = new RetryingBlobStore(faulty, Quick, TimeProvider.System, new Random(1));

        await Assert.ThrowsAsync<StoreFullException>(
            async () => await store.PutAsync("a", new byte[3], PutCondition.None, Cancellation));

        Assert.Equal(1, faulty.Operations);
    }

    [Fact]
    public async Task List_BrokenOff_BeginsAgainAndShowsEachBlobOnce()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            await _memory.PutAsync(name, new byte[1], PutCondition.None, Cancellation);
        }

        await using var store = Retrying(FaultPlan.At(0, Fault.LostAnswer));
        var names = await store.ListAsync(string.Empty, Cancellation)
            .Select(blob => blob.Name).ToListAsync(Cancellation);

        Assert.Equal(["a", "b", "c"], names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AnyCall_Cancelled_EndsTheWait()
    {
        var options = new RetryOptions { FirstDelay = TimeSpan.FromHours(1), MaxDelay = TimeSpan.FromHours(1) };
        var faulty = new FaultyBlobStore(_memory, FaultPlan.From(0, Fault.Unavailable));
        await using var store = new RetryingBlobStore(faulty, options, TimeProvider.System, new Random(1));
        using var cancellation = new CancellationTokenSource();

        var call = store.StatAsync("a", cancellation.Token).AsTask();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(1, faulty.Operations);
    }

    private RetryingBlobStore Retrying(FaultPlan plan) =>
        new(new FaultyBlobStore(_memory, plan), Quick, TimeProvider.System, new Random(1));
}
