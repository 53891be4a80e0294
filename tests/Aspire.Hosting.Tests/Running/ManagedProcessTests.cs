using Aspire.Hosting;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Time.Testing;

namespace Continuity.Aspire.Hosting.Tests.Running;

public sealed class ManagedProcessTests
{
    [Fact]
    public async Task Start_GivesAGroupOfItsOwn()
    {
        using var fixture = new ProcessFixture();

        using var process = fixture.StartShell("echo group $(ps -o pgid= -p $$); exec sleep 900");

        Assert.Equal(process.Id, Alive.Parse(await fixture.ReadAsync("group")));
        await process.StopAsync();
    }

    [Fact]
    public async Task Stop_AsksFirst()
    {
        using var fixture = new ProcessFixture();
        using var process = fixture.StartShell(
            "trap 'echo asked; exit 7' TERM; echo ready; while :; do sleep 0.05; done");
        await fixture.ReadAsync("ready");

        await process.StopAsync();

        Assert.Equal(7, await process.Exited);
        await fixture.ReadAsync("asked");
    }

    [Fact]
    public async Task Stop_StubbornTree_IsKilledAfterSixSeconds()
    {
        var time = new FakeTimeProvider();
        using var fixture = new ProcessFixture(time);
        using var process = fixture.StartShell(
            "trap '' TERM; (trap '' TERM; sleep 900) & echo child $!; while :; do sleep 900; done");
        var child = Alive.Parse(await fixture.ReadAsync("child"));

        var stopping = process.StopAsync();
        Assert.False(stopping.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(6));
        await stopping.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);

        Assert.Equal(128 + Native.SigKill, await process.Exited);
        await Alive.UntilGoneAsync([child], TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Stop_ChildThatLeftTheGroup_IsKilledToo()
    {
        using var fixture = new ProcessFixture();
        using var process = fixture.StartShell("setsid sleep 900 & echo left $!; trap 'exit 0' TERM; wait");
        var left = Alive.Parse(await fixture.ReadAsync("left"));

        await process.StopAsync();

        await Alive.UntilGoneAsync([left], TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Exited_GrandchildHoldsThePipe_IsToldAllTheSame()
    {
        using var fixture = new ProcessFixture();
        using var process = fixture.StartShell("sleep 900 & echo child $!; exit 3");
        var child = Alive.Parse(await fixture.ReadAsync("child"));

        Assert.Equal(3, await process.Exited.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System));
        await process.StopAsync();

        await Alive.UntilGoneAsync([child], TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Start_ProgramThatIsNotThere_SaysWhich()
    {
        using var fixture = new ProcessFixture();
        var spec = new LaunchSpec("/nowhere/at/all", [], "/");

        var exception = Assert.Throws<DistributedApplicationException>(
            () => ManagedProcess.Start(fixture.Host, spec, fixture.Log.For("test")));

        Assert.Contains("/nowhere/at/all", exception.Message, StringComparison.Ordinal);
    }
}
