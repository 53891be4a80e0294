using System.Globalization;
using Continuity.Testing.Broker;
using Continuity.Testing.Processes;

namespace Continuity.DevelopmentBroker.Tests;

public sealed class CommandLineTests
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("", "--port is missing")]
    [InlineData("--port", "--port needs a value")]
    [InlineData("--port zero", "--port is 'zero'")]
    [InlineData("--port 70000", "--port is '70000'")]
    [InlineData("--port 12345 --topic commands", "--topic is 'commands'")]
    [InlineData("--port 12345 --topic commands:0", "--topic is 'commands:0'")]
    [InlineData("--port 12345 --topic a/b:1", "--topic is 'a/b:1'")]
    [InlineData("--port 12345 --topic a:1 --topic a:2", "--topic names 'a' twice")]
    [InlineData("--port 12345 --verbose yes", "'--verbose' is not an option")]
    public async Task Start_WrongArguments_SaysWhatInOneLineAndExitsWithTwo(string arguments, string expected)
    {
        await using var broker = await StartAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, await broker.WaitForExitAsync(_deadline));

        Assert.Contains(expected, Assert.Single(broker.Output.Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortInUse_SaysSoInOneLineAndExitsWithOne()
    {
        await using var running = await BrokerProcess.StartAsync();

        await using var second = await StartAsync("--port", running.Port.ToString(CultureInfo.InvariantCulture));

        Assert.Equal(1, await second.WaitForExitAsync(_deadline));
        var line = Assert.Single(second.Output.Split('\n'));
        Assert.Contains($"Port {running.Port} of 127.0.0.1 is in use", line, StringComparison.Ordinal);
        Assert.False(running.Process.HasExited);
    }

    [Theory]
    [InlineData(UnixSignal.Terminate)]
    [InlineData(UnixSignal.Interrupt)]
    public async Task Stop_BySignal_EndsWithZeroAndFreesThePort(UnixSignal signal)
    {
        await using var broker = await BrokerProcess.StartAsync("topic:1");

        broker.Process.Signal(signal);

        Assert.Equal(0, await broker.Process.WaitForExitAsync(_deadline));
        await broker.RestartAsync();
        Assert.False(broker.Process.HasExited);
    }

    private static Task<ChildProcess> StartAsync(params string[] arguments) =>
        ChildProcess.StartProjectAsync(BrokerProcess.Project, arguments);
}
