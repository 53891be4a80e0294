using Continuity.ControlPlane.Database;
using Continuity.Testing.Postgres;
using Microsoft.EntityFrameworkCore;

namespace Continuity.ControlPlane.Tests.Database;

public sealed class ControlPlaneDatabaseTests(PostgresFixture postgres)
{
    /// <summary>EF disguises a connection that ended; it must be retried like any other.</summary>
    [Fact]
    public async Task Read_ConnectionEndedUnderAnEfQuery_IsTriedAgain()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        var attempts = 0;

        var sites = await plane.Get<ControlPlaneDatabase>().ReadAsync(
            async (unit, token) =>
            {
                if (++attempts == 1)
                {
                    var backend = await unit.ReadFirstAsync(
                        "SELECT pg_backend_pid()", [], row => row.GetInt32(0), token);
                    await plane.SqlAsync($"SELECT pg_terminate_backend({backend}, 5000)");
                }

                return await unit.Context.Sites.CountAsync(token);
            },
            TestContext.Current.CancellationToken);

        Assert.Equal(2, attempts);
        Assert.Equal(await plane.ScalarAsync<long>("SELECT count(*) FROM sites"), sites);
    }
}
