using System.Globalization;
using Continuity.Testing.Processes;

namespace Continuity.Testing.Tests.Processes;

/// <summary>
/// What is left when a test process is killed, shown with a process that starts another as the fixtures do.
/// </summary>
public sealed class ParentDeathTests
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Kill_OfTheParent_EndsTheChild()
    {
        await using var parent = await ChildProcess.StartAsync(new ChildProcessStart("bash")
        {
            // The child speaks for itself: until setpriv has run, no signal is asked for and there is nothing to see.
            Arguments = ["-c", "setpriv --pdeathsig=KILL -- bash -c 'echo child $$; exec sleep 300' & wait"],
        });
        var line = await parent.WaitForLineAsync("child", _deadline);
        var childId = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);

        await parent.KillAsync();

        Assert.True(await IsGoneAsync(childId));
    }

    [Fact]
    public async Task StartAsync_FromAThreadThatEnds_ChildLivesOn()
    {
        ChildProcess? child = null;
        var starter = new Thread(() => child = ChildProcess.StartAsync(
            new ChildProcessStart("sleep") { Arguments = ["300"] }).GetAwaiter().GetResult());

        starter.Start();
        starter.Join();

        // The signal would have been sent when the thread ended; a stop and its effect come after it.
        Assert.NotNull(child);
        child.Signal(UnixSignal.Terminate);
        Assert.Equal(128 + (int)UnixSignal.Terminate, await child.WaitForExitAsync(_deadline));
        await child.DisposeAsync();
    }

    private static async Task<bool> IsGoneAsync(int processId)
    {
        using var expiry = new CancellationTokenSource(_deadline, TimeProvider.System);
        while (IsAlive(processId) && !expiry.IsCancellationRequested)
        {
            await Task.Yield();
        }

        return !IsAlive(processId);
    }

    // A killed process that nobody has waited for is a zombie: it runs no more.
    private static bool IsAlive(int processId)
    {
        try
        {
            return !File.ReadAllText($"/proc/{processId}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
