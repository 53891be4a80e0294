using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Infrastructure;
using Aspire.Hosting.Running;
using Continuity.Aspire.Hosting.Tests.Running;
using Continuity.Testing;
using Continuity.Testing.Processes;
using Microsoft.Extensions.Time.Testing;

namespace Continuity.Aspire.Hosting.Tests.Infrastructure;

public sealed class PostgresProgramTests
{
    [Fact]
    public async Task Database_IsCreated_SurvivesAKillOfItsServer_AndStopsCleanly()
    {
        await using var fixture = NewFixture();
        fixture.Builder.AddPostgres("postgres").AddDatabase("continuity");
        fixture.Start();
        await fixture.UntilAsync("continuity", snapshot => snapshot.IsReady);
        var first = fixture.Only("postgres");

        Native.Kill(first.ProcessId!.Value, Native.SigKill);
        await fixture.UntilStateAsync("postgres", KnownResourceStates.Exited);
        await fixture.UntilAsync("continuity", snapshot => snapshot.Health == HealthState.Unhealthy);
        await fixture.Stack.Find("postgres").StartAsync(CancellationToken.None);

        await fixture.UntilAsync("continuity", snapshot => snapshot.IsReady);
        Assert.Equal(first.Addresses[0].Port, fixture.Only("postgres").Addresses[0].Port);

        await fixture.Stack.Find("postgres").StopAsync();
        Assert.Equal(0, fixture.Only("postgres").ExitCode);
    }

    [Fact]
    public async Task Prepare_WhileAChildOfTheKilledServerLives_WaitsForItsEnd()
    {
        await using var fixture = NewFixture();
        var resource = fixture.Builder.AddPostgres("postgres").Resource;
        fixture.Start();
        await fixture.UntilAsync("postgres", snapshot => snapshot.IsReady);
        var server = fixture.Only("postgres").ProcessId!.Value;
        var child = ProcessTree.Descendants(server)[0];
        ChildProcess.SignalById(child.Id, UnixSignal.Stop);
        Native.Kill(server, Native.SigKill);
        await fixture.UntilStateAsync("postgres", KnownResourceStates.Exited);
        var time = new FakeTimeProvider();
        var program = new PostgresProgram(new PostgresFiles(new StateFolder(fixture.Path("state"))), time);
        var instance = new Instance("postgres", new Dictionary<string, int> { ["tcp"] = FreePort.Next() });

        var preparing = program.PrepareAsync(resource, instance, CancellationToken.None);
        Assert.False(preparing.IsCompleted);
        ChildProcess.SignalById(child.Id, UnixSignal.Continue);
        var data = fixture.Path("state/volumes/postgres/data");
        await Eventually.HoldsAsync(() => !PostgresFiles.ServersChildren(data).Any());
        time.Advance(TimeSpan.FromSeconds(1));

        await preparing;
        Assert.False(ProcessTree.IsAlive(child));
    }

    [Fact]
    public async Task StalePidFile_OfSomebodyElsesProcess_IsRemoved()
    {
        await using var fixture = NewFixture();
        var data = Directory.CreateDirectory(fixture.Path("data")).FullName;
        var file = Path.Combine(data, "postmaster.pid");
        await File.WriteAllTextAsync(file, $"{Environment.ProcessId}\n{data}\n");

        PostgresFiles.RemoveStalePidFile(data);

        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task DataFolder_OutOfTheServerUsersReach_IsElsewhere()
    {
        Assert.SkipUnless(Native.IsRoot, "Only root runs the server as another user.");
        await using var fixture = NewFixture();
        var home = Directory.CreateDirectory(
            fixture.Path("home"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        var files = new PostgresFiles(new StateFolder(Path.Combine(home, "state")));
        var server = fixture.Builder.AddPostgres("postgres").Resource;

        Assert.StartsWith(files.OutsideFolder, files.DataFolder(server), StringComparison.Ordinal);
    }

    private static StackFixture NewFixture()
    {
        Assert.SkipWhen(PostgresFiles.Programs is null, "PostgreSQL is not installed: apt-get install postgresql-15");
        var fixture = new StackFixture();
        // A temporary folder is its owner's alone, and the server runs as its own user when root asks.
        File.SetUnixFileMode(fixture.Path(""), (UnixFileMode)0b111_101_101);
        return fixture;
    }
}
