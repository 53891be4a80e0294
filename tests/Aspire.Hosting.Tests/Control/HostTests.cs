using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.Running;
using Continuity.Aspire.Hosting.Tests.Running;
using Continuity.Testing;
using Continuity.Testing.Processes;

namespace Continuity.Aspire.Hosting.Tests.Control;

public sealed class HostTests
{
    [Fact]
    public async Task Killed_LeavesNothingBehind()
    {
        await using var host = new HostProcess();
        await host.UpAsync("--Sample:Stubborn=yes");
        var processes = await host.ProcessesAsync();
        var tree = new List<int>();
        // Three scripts with four children in all, which they may start only after the stack is told to be up.
        await Eventually.HoldsAsync(() =>
        {
            var children = processes.SelectMany(id => ProcessTree.Descendants(id).Select(own => own.Id));
            tree = [.. processes, .. children];
            return tree.Count >= 7;
        });

        await host.Process!.KillAsync();

        await Alive.UntilGoneAsync(tree, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Killed_NextRunStartsCleanly()
    {
        await using var host = new HostProcess();
        await host.UpAsync();
        // Not waited for its output, which what it started may hold open: the next run begins before they are gone.
        host.Process!.Signal(UnixSignal.Kill);
        await Alive.UntilGoneAsync([host.Process.Id], HostProcess.Limit);

        await host.UpAsync();

        Assert.Equal(2, (await host.ProcessesAsync()).Count);
    }

    [Fact]
    public async Task Interrupted_StopsEverythingAndExitsCleanly()
    {
        await using var host = new HostProcess();
        await host.UpAsync();
        var processes = await host.ProcessesAsync();

        host.Process!.Signal(UnixSignal.Interrupt);

        Assert.Equal(0, await host.Process.WaitForExitAsync(HostProcess.Limit));
        Assert.DoesNotContain(processes, Alive.Is);
    }

    [Fact]
    public async Task Commands_ReachTheRunningStack()
    {
        await using var host = new HostProcess();
        await host.UpAsync();

        Assert.Equal((0, ""), await host.CommandAsync("stop", "tree"));
        Assert.Equal("Finished", await StateAsync(host, "tree"));
        Assert.Equal((0, ""), await host.CommandAsync("start", "tree"));
        Assert.Equal("Running", await StateAsync(host, "tree"));
        Assert.Equal((0, ""), await host.CommandAsync("restart", "scaled"));
        Assert.Equal((0, ""), await host.CommandAsync("scale", "scaled", "3"));
        Assert.Equal(3, (await host.ListAsync()).Count(replica =>
            replica?["resource"]?.GetValue<string>() == "scaled"));
        Assert.Contains("tree is up", (await host.CommandAsync("logs", "tree")).Output, StringComparison.Ordinal);
        Assert.Equal(
            (1, "There is no resource 'nobody'; there are tree, scaled."),
            await host.CommandAsync("stop", "nobody"));
        Assert.Equal((1, "The command is: scale NAME N"), await host.CommandAsync("scale", "scaled", "many"));
        Assert.Equal(
            (1, "Resource 'scaled' can have 0 to 50 replicas, not 51."),
            await host.CommandAsync("scale", "scaled", "51"));
    }

    [Fact]
    public async Task SecondHost_SameFolder_IsRefused()
    {
        await using var host = new HostProcess();
        await host.UpAsync();

        var (exit, output) = await host.CommandAsync("--no-dashboard");

        Assert.Equal(1, exit);
        Assert.StartsWith(
            $"A stack is already running with the state folder {host.State}:", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', output);
    }

    [Fact]
    public async Task Detached_ReturnsWhenHealthy_AndStopEndsAll()
    {
        await using var host = new HostProcess();

        var (exit, output) = await host.CommandAsync("--detach", "--no-dashboard");
        Assert.Contains("All healthy", output, StringComparison.Ordinal);
        Assert.Equal(0, exit);
        var processes = await host.ProcessesAsync();
        Assert.Equal(2, processes.Count);

        Assert.Equal((0, ""), await host.CommandAsync("stop"));
        Assert.DoesNotContain(processes, Alive.Is);
        Assert.Equal(
            (1, $"No stack is running with the state folder {host.State}."), await host.CommandAsync("ps"));
    }

    [Fact]
    public async Task Detached_PortInUse_SaysSoAndLeavesNothing()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var host = new HostProcess();

        var (exit, output) = await host.CommandAsync(
            "--detach", "--no-dashboard", string.Create(CultureInfo.InvariantCulture, $"--Ports:Fixed={port}"));

        Assert.Equal(1, exit);
        Assert.Equal(
            $"Port {port}, which resource 'scaled' needs (endpoint http), is in use; free it, or choose another with "
            + "--Ports:Fixed=N.",
            output);
        Assert.Equal(1, (await host.CommandAsync("ps")).Exit);
    }

    private static async Task<string?> StateAsync(HostProcess host, string resource) =>
        (await host.ListAsync())
            .First(replica => replica?["resource"]?.GetValue<string>() == resource)?["state"]?.GetValue<string>();
}
