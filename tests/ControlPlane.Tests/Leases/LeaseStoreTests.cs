using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Leases;
using Continuity.Testing.Postgres;

namespace Continuity.ControlPlane.Tests.Leases;

public sealed class LeaseStoreTests(PostgresFixture postgres)
{
    private static readonly TimeSpan _longLease = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task TryAcquire_HeldByAnother_IsRefused()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        var store = plane.Get<LeaseStore>();
        await store.TryAcquireAsync("primary", "first", _longLease, CancellationToken.None);

        var second = await store.TryAcquireAsync("primary", "second", _longLease, CancellationToken.None);

        Assert.Null(second);
    }

    [Fact]
    public async Task TryAcquire_AfterRelease_HasALargerToken()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        var store = plane.Get<LeaseStore>();
        var first = await AcquireAsync(store, "first");
        await store.ReleaseAsync(first, CancellationToken.None);

        var second = await AcquireAsync(store, "second");

        Assert.True(second.FencingToken > first.FencingToken);
    }

    [Fact]
    public async Task Renew_AfterTheLeaseEnded_IsRefused()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        var store = plane.Get<LeaseStore>();
        var lease = await AcquireAsync(store, "first");
        await EndAsync(plane);

        Assert.Null(await store.RenewAsync(lease, _longLease, CancellationToken.None));
    }

    [Fact]
    public async Task Release_ByAFormerHolder_LeavesTheNewHolderItsLease()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        var store = plane.Get<LeaseStore>();
        var former = await AcquireAsync(store, "first");
        await EndAsync(plane);
        var current = await AcquireAsync(store, "second");

        await store.ReleaseAsync(former, CancellationToken.None);

        Assert.NotNull(await store.RenewAsync(current, _longLease, CancellationToken.None));
    }

    /// <summary>A process may be stopped anywhere, also where it has locked the lease's row.</summary>
    [Fact]
    public async Task TryAcquire_WhileAFormerHolderIsFrozenInTheMiddleOfAWrite_IsGranted()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        var store = plane.Get<LeaseStore>();
        var former = await AcquireAsync(store, "first");
        await EndAsync(plane);
        var frozen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var write = plane.Get<ControlPlaneDatabase>().WriteAsync(
            async (unit, token) =>
            {
                await LeaseStore.IsNewestAsync(unit, former, token);
                frozen.TrySetResult();
                await woken.Task;
                return await LeaseStore.IsNewestAsync(unit, former, token);
            },
            TestContext.Current.CancellationToken);
        await frozen.Task;

        var current = await AcquireAsync(store, "second");
        woken.SetResult();

        Assert.True(current.FencingToken > former.FencingToken);
        Assert.False(await write);
    }

    /// <summary>
    /// Many holders fight for one lease that ends again and again; each counts itself in a row of its own transaction.
    /// Two holders at a time, or a token given out twice, would show in the tokens.
    /// </summary>
    [Fact]
    public async Task TryAcquire_ByManyAtOnce_NeverGivesOneTokenTwice()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        var store = plane.Get<LeaseStore>();

        var tokens = await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            var mine = new List<long>();
            for (var round = 0; round < 100; round++)
            {
                if (await store.TryAcquireAsync("primary", $"worker-{worker}", _longLease, default) is { } lease)
                {
                    mine.Add(lease.FencingToken);
                    Assert.NotNull(await store.RenewAsync(lease, _longLease, default));
                    await store.ReleaseAsync(lease, default);
                }
            }

            return mine;
        }));

        var all = tokens.SelectMany(list => list).ToList();
        Assert.True(all.Count > 8, "The test shows nothing if the lease hardly ever changes hands.");
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.Equal(all.Count, all.Max());
        Assert.All(tokens, mine => Assert.Equal(mine.Order(), mine));
    }

    private static async Task<Lease> AcquireAsync(LeaseStore store, string holder) =>
        await store.TryAcquireAsync("primary", holder, _longLease, CancellationToken.None)
        ?? throw new InvalidOperationException("The lease is free, and was refused.");

    private static Task EndAsync(ControlPlaneHarness plane) =>
        plane.SqlAsync("UPDATE leases SET expires_at = clock_timestamp() - interval '1 second'");
}
