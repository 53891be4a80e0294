using System.Text;
using Aspire.Hosting;
using Continuity.Testing;
using Microsoft.Extensions.Configuration;

namespace Continuity.Aspire.Hosting.Tests.Control;

public sealed class StateFolderTests
{
    [Fact]
    public void ControlSocket_LongPath_FallsBackToAShortOne()
    {
        var near = new StateFolder("/srv/state");
        var far = new StateFolder($"/srv/{new string('x', 120)}");

        Assert.Equal("/srv/state/run/control.sock", near.ControlSocket);
        Assert.InRange(Encoding.UTF8.GetByteCount(far.ControlSocket), 1, 107);
        Assert.Equal(far.ControlSocket, new StateFolder(far.Path).ControlSocket);
    }

    [Theory]
    [InlineData(null, "/repository/.continuity")]
    [InlineData("other", "/repository/other")]
    [InlineData("/elsewhere", "/elsewhere")]
    public void Path_IsBelowTheRepositoryUnlessAbsolute(string? setting, string expected)
    {
        var configuration = new ConfigurationManager { ["State:Path"] = setting };

        Assert.Equal(expected, StateFolder.At(configuration, "/repository/AppHost").Path);
    }

    [Fact]
    public void Empty_LeavesEmptyFolders_AndFollowsNoLink()
    {
        using var outside = new TemporaryFolder();
        File.WriteAllText(outside.Combine("kept"), "");
        using var folder = new TemporaryFolder();
        var state = new StateFolder(folder.Combine("state"));
        state.Create();
        File.WriteAllText(state.In("volumes/data"), "");
        Directory.CreateSymbolicLink(state.In("link"), outside.Path);

        state.Empty();

        Assert.Equal(
            ["keys", "logs", "run", "volumes"],
            Directory.EnumerateFileSystemEntries(state.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(state.Volumes));
        Assert.True(File.Exists(outside.Combine("kept")));
    }

    [Fact]
    public void Create_FolderThatCannotBe_NamesTheSetting()
    {
        var exception = Assert.Throws<DistributedApplicationException>(() =>
            new StateFolder("/dev/null/state").Create());

        Assert.Contains("--State:Path=FOLDER", exception.Message, StringComparison.Ordinal);
    }
}
