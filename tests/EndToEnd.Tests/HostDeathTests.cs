using Continuity.EndToEnd.Tests.Stack;
using Continuity.Testing.Processes;

namespace Continuity.EndToEnd.Tests;

/// <summary>What is left of a stack, one of its own, when its host dies without a word.</summary>
public sealed class HostDeathTests
{
    private static readonly TimeSpan _startDeadline = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan _deathDeadline = TimeSpan.FromSeconds(10);

    private const string PostgresData = "volumes/continuity-postgres/data";

    private static readonly string[] _resources =
        ["postgres", "kafka", "prometheus", "alertmanager", "model-east-1", "model-west-2"];

    [Fact]
    public async Task Host_KilledWithoutWarning_LeavesNoProcessAfterTenSeconds()
    {
        await using var stack = await StackProcess.StartAsync();
        await stack.WaitUntilHealthyAsync(_startDeadline, _resources);
        var before = ProcessTable.With(stack.StateFile(""));
        var started = (await stack.ListAsync()).Select(replica => replica.ProcessId).OfType<int>().ToList();
        Assert.NotEmpty(before);
        Assert.True(started.Count >= _resources.Length);

        stack.Host.Signal(UnixSignal.Kill);

        // Also what was started since the two looks above.
        var left = await ProcessTable.WaitUntilGoneAsync(
            [.. started, .. before.Keys], stack.StateFile(""), _deathDeadline);
        Assert.Empty(left);
        // Asked first and given the time: a killed server leaves backends that go on writing into its folder.
        Assert.True(File.Exists(stack.StateFile($"{PostgresData}/PG_VERSION")));
        Assert.False(File.Exists(stack.StateFile($"{PostgresData}/postmaster.pid")));
    }
}
