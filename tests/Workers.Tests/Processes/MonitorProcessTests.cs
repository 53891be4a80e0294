using Continuity.Contracts.Routing;
using Continuity.Contracts.Services;
using Continuity.ControlPlane.Services;
using Continuity.Testing;
using Continuity.Testing.Broker;
using Continuity.Testing.Postgres;
using Continuity.Workers.Tests.Monitoring;

namespace Continuity.Workers.Tests.Processes;

/// <summary>Two real monitors watch real HTTP servers, and tell the control plane what they find.</summary>
public sealed class MonitorProcessTests(PostgresFixture postgres, BrokerFixture broker)
{
    private const string Model = "sample-chat";

    [Fact]
    public async Task Monitors_ReplicasFailAndReturn_VerdictsFollowAlsoWhenTheDecidingMonitorDies()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var stack = await WorkerStack.StartAsync(database.ConnectionString, broker.BootstrapServers);
        await using var one = await FakeReplica.StartAsync(Model);
        await using var two = await FakeReplica.StartAsync(Model);
        await DeclareAsync(stack, ("one", one), ("two", two));
        (string, string) fast = ("Monitoring__Interval", "00:00:00.100");
        var east = await stack.StartWorkerAsync("east", "monitor", fast);
        await east.WaitForLineAsync(IsDeciding, "the right to decide", TimeSpan.FromSeconds(90));
        var west = await stack.StartWorkerAsync("west", "monitor", fast);

        await WaitForAsync(stack, ("one", Verdict.Healthy), ("two", Verdict.Healthy));
        two.IsFailing = true;
        await WaitForAsync(stack, ("one", Verdict.Healthy), ("two", Verdict.Failed));
        // Half of two; now all of them: what the other site sees too is believed.
        one.IsHanging = true;
        await WaitForAsync(stack, ("one", Verdict.Failed), ("two", Verdict.Failed));

        await east.KillAsync();
        one.IsHanging = false;
        two.IsFailing = false;
        await west.WaitForLineAsync(IsDeciding, "the right to decide", TimeSpan.FromSeconds(90));
        await WaitForAsync(stack, ("one", Verdict.Healthy), ("two", Verdict.Healthy));
    }

    private static bool IsDeciding(string line) => line.Contains("decides on verdicts now", StringComparison.Ordinal);

    private static async Task DeclareAsync(WorkerStack stack, params (string Id, FakeReplica Server)[] replicas)
    {
        await stack.ControlPlane.Get<ServiceStore>().PutAsync(
            Model, new ServiceSettings(), TestContext.Current.CancellationToken);
        foreach (var (id, server) in replicas)
        {
            var request = new PutReplicaRequest { Site = "east", Address = server.Address, Engine = EngineKind.Vllm };
            Assert.IsType<PutReplica.Stored>(await stack.ControlPlane.Get<ReplicaStore>().PutAsync(
                Model, id, request, TestContext.Current.CancellationToken));
        }
    }

    private static Task WaitForAsync(WorkerStack stack, params (string Id, Verdict Verdict)[] expected) =>
        Eventually.HoldsAsync(async () =>
        {
            var page = await stack.ControlPlane.Get<ReplicaStore>().ListAsync(
                Model, after: null, limit: 10, TestContext.Current.CancellationToken);
            return expected.SequenceEqual(page.Items.Select(replica => (replica.Id, replica.Verdict)));
        });
}
