using Aspire.Hosting;
using Aspire.Hosting.Control;

namespace Continuity.Aspire.Hosting.Tests.Control;

public sealed class CommandLineTests
{
    [Fact]
    public void Nothing_MeansUp() => Assert.Equal(CommandLine.Up, CommandLine.Parse([]).Verb);

    [Fact]
    public void Settings_TakeBothForms_AndAreNoOperands()
    {
        var command = CommandLine.Parse(["scale", "--State:Path", "/somewhere", "api", "--Ports:Gateway=1", "3"]);

        Assert.Equal("scale", command.Verb);
        Assert.Equal(["api", "3"], command.Operands);
        Assert.Equal(["--State:Path", "/somewhere", "--Ports:Gateway=1"], command.Settings);
    }

    [Fact]
    public void Switches_AreRead()
    {
        var command = CommandLine.Parse(["--detach", "--fresh", "--no-dashboard"]);

        Assert.True(command is { Detach: true, Fresh: true, NoDashboard: true, Json: false, Follow: false });
    }

    [Fact]
    public void Background_IsTheSameWithoutDetach()
    {
        var background = CommandLine.Parse(
            [.. CommandLine.Parse(["--detach", "--fresh", "--Ports:Gateway=1"]).InBackground("/ready")]);

        Assert.True(background is { Detach: false, Fresh: true, ReadyFile: "/ready" });
        Assert.Equal(["--Ports:Gateway=1"], background.Settings);
    }

    [Fact]
    public void UnknownVerb_ListsTheKnownOnes()
    {
        var exception = Assert.Throws<DistributedApplicationException>(() => CommandLine.Parse(["dance"]));

        Assert.StartsWith("'dance' is no command; there are ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--detatch")]
    [InlineData("--port=8080")]
    public void UnknownOption_IsRefused(string option)
    {
        var exception = Assert.Throws<DistributedApplicationException>(() => CommandLine.Parse([option]));

        Assert.StartsWith($"'{option.Split('=')[0]}' is no option; ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ShortSettings_ArePassedOn() => Assert.Equal(
        ["--publisher", "manifest", "--output-path=x.json"],
        CommandLine.Parse(["--publisher", "manifest", "--output-path=x.json"]).Settings);
}
