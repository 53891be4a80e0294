using Continuity.Testing.Processes;

namespace Continuity.Testing.Tests.Processes;

public sealed class ChildProcessTests
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task WaitForExit_ProgramThatWritesAndEnds_GivesCodeAndAllOutput()
    {
        await using var child = await ShellAsync("echo out; echo err >&2; exit 7");

        Assert.Equal(7, await child.WaitForExitAsync(_deadline));

        Assert.Equal(["err", "out"], child.Output.Split('\n').Order());
        Assert.True(child.HasExited);
    }

    [Fact]
    public async Task WaitForLine_LineWrittenAfterTheCall_IsGiven()
    {
        await using var child = await ShellAsync("sleep 0.2; echo ready 1; exec sleep 60");

        Assert.Equal("ready 1", await child.WaitForLineAsync("ready", _deadline));
        Assert.Equal("ready 1", await child.WaitForLineAsync("ready", _deadline));
    }

    [Fact]
    public async Task WaitForLine_ProgramEndsWithoutIt_FailsAtOnceWithTheOutput()
    {
        await using var child = await ShellAsync("echo something else; exit 3");

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => child.WaitForLineAsync("ready", TimeSpan.FromMinutes(5)));

        Assert.Contains("something else", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signal_Terminate_ReachesTheProgramItself()
    {
        await using var child = await ShellAsync(
            "trap 'echo terminated; exit 5' TERM; echo up; while :; do sleep 0.05; done");
        await child.WaitForLineAsync("up", _deadline);

        Assert.Equal(5, await child.TerminateAsync(_deadline));

        Assert.Contains("terminated", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signal_StopThenContinue_PausesTheProgram()
    {
        await using var child = await ShellAsync("echo up; exec sleep 60");
        await child.WaitForLineAsync("up", _deadline);

        child.Signal(UnixSignal.Stop);
        await WaitForStateAsync(child, 'T');
        child.Signal(UnixSignal.Continue);
        await WaitForStateAsync(child, 'S');

        await child.KillAsync();
        Assert.True(child.HasExited);
    }

    [Fact]
    public async Task WaitForHttpOk_NobodyListens_SaysSoWithTheAddress()
    {
        await using var child = await ShellAsync("exec sleep 60");
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}/health");

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => child.WaitForHttpOkAsync(address, TimeSpan.FromMilliseconds(200)));

        Assert.Contains(address.ToString(), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_UnknownProgram_EndsWithAReason()
    {
        await using var child = await ChildProcess.StartAsync(new ChildProcessStart("/no/such/program"));

        Assert.NotEqual(0, await child.WaitForExitAsync(_deadline));

        Assert.Contains("/no/such/program", child.Output, StringComparison.Ordinal);
    }

    private static Task<ChildProcess> ShellAsync(string script) =>
        ChildProcess.StartAsync(new ChildProcessStart("bash") { Arguments = ["-c", script] });

    // The state letter follows the program's name in parentheses.
    private static async Task WaitForStateAsync(ChildProcess child, char state)
    {
        using var expiry = new CancellationTokenSource(_deadline, TimeProvider.System);
        while ((await File.ReadAllTextAsync($"/proc/{child.Id}/stat", expiry.Token)).Split(") ")[1][0] != state)
        {
            await Task.Yield();
        }
    }
}
