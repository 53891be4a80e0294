using Continuity.Workers.Files;
using Continuity.Workers.Jobs;

namespace Continuity.Workers.Tests.Files;

public sealed class LinkGuardTests
{
    private static readonly Dictionary<string, string> _links = new(StringComparer.Ordinal)
    {
        ["up"] = "..",
        ["deep/inner"] = "../other",
        ["other"] = "folder",
        ["circle"] = "circle",
        ["deep/climb"] = "../deep/../..",
    };

    [Theory]
    [InlineData("link", "file")]
    [InlineData("deep/link", "../file")]
    [InlineData("deep/link", "inner/../x")]
    [InlineData("link", "circle/x")]
    [InlineData("link", "missing/../still/inside")]
    [InlineData("link", "./a//b/.")]
    public void Check_LinkInside_IsLetIn(string path, string target) => LinkGuard.Check(path, target, Read);

    [Theory]
    [InlineData("link", "..")]
    [InlineData("link", "/etc")]
    [InlineData("deep/link", "../../x")]
    [InlineData("link", "up/x")]
    [InlineData("link", "deep/climb")]
    [InlineData("link", "deep/inner/../../..")]
    public void Check_LinkOutside_IsRefused(string path, string target)
    {
        var failure = Assert.Throws<JobFailureException>(() => LinkGuard.Check(path, target, Read));

        Assert.Equal(FailureCodes.PathRefused, failure.Code);
        Assert.Contains($"'{path}' -> '{target}'", failure.Message, StringComparison.Ordinal);
    }

    private static string? Read(string path) => _links.GetValueOrDefault(path);
}
