namespace Continuity.Aspire.Hosting.Tests.Running;

public sealed class ProcessGuardTests
{
    [Fact]
    public async Task PipeCloses_GroupAndWhatLeftItEnd()
    {
        using var fixture = new ProcessFixture();
        using var process = fixture.StartShell("setsid sleep 900 & echo left $!; sleep 901 & echo child $!; wait");
        var left = Alive.Parse(await fixture.ReadAsync("left"));
        var child = Alive.Parse(await fixture.ReadAsync("child"));

        fixture.Guard.Dispose();

        await Alive.UntilGoneAsync([process.Id, child, left], TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task PipeCloses_ForgottenGroupIsLeftAlone()
    {
        using var fixture = new ProcessFixture();
        // Without the run's mark, so that nothing but the group's number could lead the guard to it.
        using var other = new ProcessFixture();
        using var process = other.StartShell("echo ready; exec sleep 900");
        await other.ReadAsync("ready");
        fixture.Guard.Watch(process.Id, global::Aspire.Hosting.Running.StopSignal.Terminate);
        fixture.Guard.Forget(process.Id);

        fixture.Guard.Dispose();

        Assert.True(Alive.Is(process.Id));
        await process.StopAsync();
    }
}
