using Aspire.Hosting;
using Aspire.Hosting.Infrastructure;
using Continuity.Aspire.Hosting.Tests.Running;

namespace Continuity.Aspire.Hosting.Tests.Infrastructure;

public sealed class ContainerMountsTests
{
    [Fact]
    public async Task Link_ShowsTheFilesWhereAContainerSeesThem()
    {
        await using var fixture = new StackFixture();
        await File.WriteAllTextAsync(fixture.Path("server.yml"), "here");
        var container = fixture.Builder.AddContainer("server", "prom/prometheus", "v1")
            .WithBindMount(fixture.Path("server.yml"), "/etc/server/server.yml", isReadOnly: true)
            .WithVolume("data", "/data").Resource;
        var mounts = new ContainerMounts(new StateFolder(fixture.Path("state")));

        var root = mounts.Link(container);

        Assert.Equal("here", await File.ReadAllTextAsync($"{root}/etc/server/server.yml"));
        await File.WriteAllTextAsync($"{root}/data/kept", "kept");
        Assert.True(File.Exists(mounts.Link(container) + "/data/kept"));
    }

    [Theory]
    [InlineData("--config.file=/etc/server/server.yml", "--config.file=/view/etc/server/server.yml")]
    [InlineData("/data", "/view/data")]
    [InlineData("--url=http://host/data", "--url=http://host/data")]
    [InlineData("--other=/elsewhere", "--other=/elsewhere")]
    public async Task Translate_LeadsMountedPathsToTheirLinks(string argument, string expected)
    {
        await using var fixture = new StackFixture();
        var container = fixture.Builder.AddContainer("server", "prom/prometheus", "v1")
            .WithBindMount("server.yml", "/etc/server/server.yml")
            .WithVolume("data", "/data").Resource;

        Assert.Equal(expected, ContainerMounts.Translate(container, "/view", argument));
    }

    [Fact]
    public async Task Link_SourceMissing_SaysWhich()
    {
        await using var fixture = new StackFixture();
        var container = fixture.Builder.AddContainer("server", "prom/prometheus", "v1")
            .WithBindMount(fixture.Path("absent.yml"), "/etc/server.yml").Resource;
        var mounts = new ContainerMounts(new StateFolder(fixture.Path("state")));

        var exception = Assert.Throws<DistributedApplicationException>(() => mounts.Link(container));

        Assert.Equal(
            $"Resource 'server' mounts {fixture.Path("absent.yml")}, which does not exist.", exception.Message);
    }
}
