using Continuity.ControlPlane.Leases;
using Continuity.Testing;
using Continuity.Testing.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Continuity.ControlPlane.Tests.Leases;

public sealed class LeaseKeeperTests(PostgresFixture postgres)
{
    private static readonly LeaseOptions _options = new();

    [Fact]
    public async Task Keeper_WhileItRenews_StaysTrusted()
    {
        var time = new FakeTimeProvider();
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres, time);
        var store = plane.Get<LeaseStore>();
        var lease = await AcquireAsync(store);
        await using var keeper = NewKeeper(store, lease, time);

        for (var round = 0; round < 20; round++)
        {
            var before = keeper.Lease.AskedAt;
            time.Advance(_options.RenewalInterval);
            await Eventually.HoldsAsync(() => keeper.Lease.AskedAt > before);
        }

        Assert.True(keeper.IsTrusted);
        Assert.Equal(lease.FencingToken, keeper.Lease.FencingToken);
    }

    [Fact]
    public async Task Keeper_OfALeaseThatAnotherTook_IsLost()
    {
        var time = new FakeTimeProvider();
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres, time);
        var store = plane.Get<LeaseStore>();
        await using var keeper = NewKeeper(store, await AcquireAsync(store), time);
        await plane.SqlAsync("UPDATE leases SET expires_at = clock_timestamp() - interval '1 second'");
        Assert.NotNull(await store.TryAcquireAsync("work", "another", _options.TimeToLive, CancellationToken.None));

        time.Advance(_options.RenewalInterval);
        await Eventually.HoldsAsync(() => keeper.Lost.IsCancellationRequested);

        Assert.False(keeper.IsTrusted);
    }

    [Fact]
    public async Task Keeper_ThatCannotReachTheDatabase_IsLostBeforeTheLeaseEnds()
    {
        var time = new FakeTimeProvider();
        await using var server = await PostgresServer.StartAsync();
        await ControlPlaneHarness.MigrateAsync(server.ConnectionString("postgres"));
        await using var dataSource = Npgsql.NpgsqlDataSource.Create(server.ConnectionString("postgres"));
        var store = new LeaseStore(new ControlPlane.Database.ControlPlaneDatabase(dataSource, time), time);
        var lease = await AcquireAsync(store);
        await using var keeper = NewKeeper(store, lease, time);
        await server.KillAsync();

        var trusted = _options.TimeToLive - _options.Margin;
        time.Advance(trusted - TimeSpan.FromMilliseconds(1));
        var beforeTheEnd = keeper.IsTrusted;
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(beforeTheEnd);
        Assert.False(keeper.IsTrusted);
        Assert.True(time.GetElapsedTime(lease.AskedAt) < _options.TimeToLive);
    }

    private static LeaseKeeper NewKeeper(LeaseStore store, Lease lease, TimeProvider time) =>
        new(store, lease, _options, time, NullLogger<LeaseKeeper>.Instance);

    private static async Task<Lease> AcquireAsync(LeaseStore store) =>
        await store.TryAcquireAsync("work", "worker", _options.TimeToLive, CancellationToken.None)
        ?? throw new InvalidOperationException("The lease is free, and was refused.");
}
