using Continuity.Testing;
using Continuity.Testing.Processes;

namespace Continuity.EndToEnd.Tests;

/// <summary>Settings that the stack's host refuses before it starts anything.</summary>
public sealed class SettingsTests
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("--Ports:Gatway=8081", "Setting Ports:Gatway is unknown; there are Ports:Gateway, ")]
    [InlineData("--Ports:Gateway=abc", "Setting Ports:Gateway is 'abc'; it must be a port number from 1 to 65535.")]
    [InlineData("--Ports:Models=65533", "Setting Ports:Models is '65533'; it must be a port number from 1 to 65532.")]
    public async Task Host_WithASettingThatCannotBe_SaysSoAndStartsNothing(string setting, string sentence)
    {
        using var state = new TemporaryFolder();
        var program = RepositoryLayout.ProgramOf("AppHost", flavour: "local");
        await using var host = await ChildProcess.StartAsync(new ChildProcessStart("dotnet")
        {
            Arguments = [program, "--no-dashboard", $"--State:Path={state.Combine("state")}", setting],
            WorkingDirectory = Path.GetDirectoryName(program) ?? "/",
        });

        Assert.Equal(1, await host.WaitForExitAsync(_deadline));
        Assert.StartsWith(sentence, host.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(state.Combine("state/logs")));
    }
}
