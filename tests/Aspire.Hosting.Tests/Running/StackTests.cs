using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Continuity.Testing;

namespace Continuity.Aspire.Hosting.Tests.Running;

public sealed class StackTests
{
    [Fact]
    public async Task WaitForCompletion_StartsAfterTheTaskEnded()
    {
        await using var fixture = new StackFixture();
        var file = fixture.Path("made");
        var task = fixture.AddShell("task", $"sleep 0.3; touch {file}");
        fixture.AddShell("user", $"test -e {file} && exec sleep 900").WaitForCompletion(task);

        fixture.Start();

        await fixture.UntilStateAsync("user", KnownResourceStates.Running);
        Assert.Equal(0, fixture.Only("task").ExitCode);
        Assert.True(fixture.Only("user").StartedAt >= fixture.Only("task").StoppedAt);
    }

    [Fact]
    public async Task WaitForCompletion_TaskFails_DependentFailsToStart()
    {
        await using var fixture = new StackFixture();
        var task = fixture.AddShell("task", "exit 5");
        fixture.AddShell("user", "sleep 900").WaitForCompletion(task);

        fixture.Start();

        await fixture.UntilStateAsync("user", KnownResourceStates.FailedToStart);
        Assert.Contains("exit code 5", fixture.Only("user").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitFor_StartsOnceTheDependencyIsHealthy()
    {
        await using var fixture = new StackFixture();
        var port = FreePort.Next();
        var server = fixture.AddShell("server", "exec sleep 900")
            .WithHttpEndpoint(port: port, name: "http", isProxied: false)
            .WithHttpHealthCheck("/health", endpointName: "http");
        fixture.AddShell("user", "exec sleep 900").WaitFor(server);

        fixture.Start();
        await fixture.UntilAsync("server", snapshot => snapshot.Health == HealthState.Unhealthy);
        await fixture.UntilStateAsync("user", KnownResourceStates.Waiting);
        using var health = AnswerOk(port);

        await fixture.UntilStateAsync("user", KnownResourceStates.Running);
        Assert.Equal(HealthState.Healthy, fixture.Only("server").Health);
    }

    [Fact]
    public async Task ProcessDies_StaysEndedWithItsExitCode_UntilStarted()
    {
        await using var fixture = new StackFixture();
        fixture.AddShell("server", "exec sleep 900");
        fixture.Start();
        await fixture.UntilStateAsync("server", KnownResourceStates.Running);
        var before = fixture.Only("server");

        Native.Kill(before.ProcessId!.Value, Native.SigKill);
        await fixture.UntilStateAsync("server", KnownResourceStates.Exited);
        Assert.Equal(128 + Native.SigKill, fixture.Only("server").ExitCode);
        await fixture.Stack.Find("server").StartAsync(CancellationToken.None);

        var after = fixture.Only("server");
        Assert.Equal(KnownResourceStates.Running, after.State);
        Assert.Equal(before.Id, after.Id);
        Assert.NotEqual(before.ProcessId, after.ProcessId);
    }

    [Fact]
    public async Task Stopped_WhileWaiting_IsNotStartedLater()
    {
        await using var fixture = new StackFixture();
        var task = fixture.AddShell("task", "exec sleep 900");
        fixture.AddShell("user", "exec sleep 900").WaitForCompletion(task, exitCode: 128 + Native.SigTerm);
        fixture.Start();
        await fixture.UntilStateAsync("user", KnownResourceStates.Waiting);

        await fixture.Stack.Find("user").StopAsync();
        await fixture.UntilStateAsync("task", KnownResourceStates.Running);
        await fixture.Stack.Find("task").StopAsync();
        await fixture.Stack.StopAsync();

        Assert.Equal(KnownResourceStates.Finished, fixture.Only("user").State);
        Assert.Null(fixture.Only("user").StartedAt);
    }

    [Fact]
    public async Task Scale_UpAndDown_KeepsOneAddressAndGivesEachItsOwnPort()
    {
        await using var fixture = new StackFixture();
        fixture.AddShell("server", "exec sleep 900").WithHttpEndpoint(name: "http", env: "PORT");
        fixture.Start();
        await fixture.UntilStateAsync("server", KnownResourceStates.Running);

        await fixture.Stack.Find("server").ScaleAsync(3, CancellationToken.None);

        var replicas = fixture.Board.Of("server");
        Assert.Equal(3, replicas.Select(own => own.Addresses[0].TargetPort).Distinct().Count());
        Assert.Single(replicas.Select(own => own.Addresses[0].Port).Distinct());
        Assert.All(replicas, own => Assert.Equal(
            own.Addresses[0].TargetPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
            own.Launch!.Environment["PORT"]));

        await fixture.Stack.Find("server").ScaleAsync(1, CancellationToken.None);
        Assert.Single(fixture.Board.Of("server"));
    }

    [Fact]
    public async Task Scale_PortOfItsOwn_IsRefused()
    {
        await using var fixture = new StackFixture();
        fixture.AddShell("server", "exec sleep 900").WithHttpEndpoint(name: "http", isProxied: false);
        fixture.Start();

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => fixture.Stack.Find("server").ScaleAsync(2, CancellationToken.None));

        Assert.Contains("'server' cannot have 2 replicas", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PortInUse_NamesPortResourceAndSetting()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var fixture = new StackFixture($"--Ports:Models={port - 1}", "--Ports:Other=1");
        fixture.AddShell("model-2", "exec sleep 900").WithHttpEndpoint(port: port, name: "http");

        var exception = Assert.Throws<DistributedApplicationException>(fixture.Declare);

        Assert.Equal(
            $"Port {port}, which resource 'model-2' needs (endpoint http), is in use; free it, or choose another with "
            + "--Ports:Models=N.",
            exception.Message);
    }

    [Fact]
    public async Task UnknownContainer_NeedsAnEngine()
    {
        await using var fixture = new StackFixture();
        fixture.Builder.AddContainer("cache", "library/redis", "8.2");

        var exception = Assert.Throws<DistributedApplicationException>(fixture.Declare);

        Assert.StartsWith(
            "Container 'cache' (library/redis:8.2) needs a container engine",
            exception.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_UnknownName_ListsTheKnownOnes()
    {
        await using var fixture = new StackFixture();
        fixture.AddShell("one", "exec sleep 900");
        fixture.Declare();

        var exception = Assert.Throws<DistributedApplicationException>(() => fixture.Stack.Find("two"));

        Assert.Equal("There is no resource 'two'; there are one.", exception.Message);
    }

    [Fact]
    public async Task WaitUntilHealthy_ServerEnds_SaysWhich()
    {
        await using var fixture = new StackFixture();
        fixture.AddShell("broken", "echo cannot; exit 4")
            .WithHttpEndpoint(name: "http")
            .WithHttpHealthCheck("/health", endpointName: "http");
        fixture.AddShell("fine", "exec sleep 900");
        fixture.Start();

        var problem = await fixture.Stack.WaitUntilHealthyAsync(TimeSpan.FromSeconds(60), CancellationToken.None);

        Assert.Equal("broken ended with exit code 4", problem);
    }

    [Fact]
    public async Task Resource_NamedTwice_IsRefused()
    {
        await using var fixture = new StackFixture();
        fixture.AddShell("one", "true");

        var exception = Assert.Throws<DistributedApplicationException>(() => fixture.AddShell("One", "true"));

        Assert.Contains("'One'", exception.Message, StringComparison.Ordinal);
    }

    private static HttpListener AnswerOk(int port)
    {
        var listener = new HttpListener();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        _ = AnswerAsync(listener);
        return listener;
    }

    private static async Task AnswerAsync(HttpListener listener)
    {
        try
        {
            while (listener.IsListening)
            {
                var context = await listener.GetContextAsync();
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
