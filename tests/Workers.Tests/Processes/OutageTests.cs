using Continuity.Contracts.Jobs;
using Continuity.Testing.Broker;
using Continuity.Testing.Postgres;

namespace Continuity.Workers.Tests.Processes;

public sealed class OutageTests
{
    [Fact]
    public async Task Sync_DatabaseAndBrokerAwayInTheMiddle_IsFinishedWhenTheyAreBack()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var broker = await BrokerProcess.StartAsync();
        await using var stack = await WorkerStack.StartAsync(
            postgres.ConnectionString("postgres"), broker.BootstrapServers);
        stack.Fill(files: 24, bytes: 100_000);
        var worker = await stack.StartWorkerAsync("east", "sync", ("Sync__MaxBytesPerSecond", "200000"));
        var id = await stack.CreateJobAsync(JobKind.Sync);
        await stack.WaitForBytesAsync(id, 150_000);

        await postgres.KillAsync();
        await broker.KillAsync();
        // The lease lasts five seconds, and the copy would take twelve: it ends with the lease, unfinished.
        await worker.WaitForLineAsync(
            line => line.Contains("is let go", StringComparison.Ordinal),
            "the job's being let go",
            TimeSpan.FromSeconds(90));
        Assert.True(Directory.GetFiles(stack.Target, "file*", SearchOption.AllDirectories).Length < 24);
        await postgres.RestartAsync();
        var job = await stack.WaitForEndAsync(id);

        Assert.True(job.State == JobState.Succeeded, job.Error?.Message);
        Assert.False(worker.HasExited);
        WorkerStack.AssertEqualFolders(stack.Source, stack.Target);
        JobProcessTests.AssertTakenOver(await stack.AttemptsAsync(id));
    }
}
