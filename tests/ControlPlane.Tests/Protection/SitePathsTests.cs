using Continuity.Contracts.ArtefactSets;
using Continuity.ControlPlane.Protection;
using CsCheck;

namespace Continuity.ControlPlane.Tests.Protection;

public sealed class SitePathsTests
{
    private static readonly string[] _roots = ["/srv/first", "/srv/second/"];

    [Theory]
    [InlineData("weights", "/srv/first/weights")]
    [InlineData("weights/7b/", "/srv/first/weights/7b")]
    [InlineData("/srv/second/sets", "/srv/second/sets")]
    [InlineData("/srv/first", "/srv/first")]
    [InlineData("..weights", "/srv/first/..weights")]
    public void Resolve_OfAPathBelowARoot_IsThatFolder(string path, string expected) =>
        Assert.Equal(expected, SitePaths.Resolve(At(path), _roots));

    [Theory]
    [InlineData("..")]
    [InlineData("a/../../b")]
    [InlineData("a\\..\\b")]
    [InlineData("./a")]
    [InlineData("/etc/passwd")]
    [InlineData("/srv/firstborn")]
    [InlineData("/srv")]
    [InlineData("/")]
    [InlineData("a\0b")]
    [InlineData("")]
    public void Resolve_OfAPathThatLeadsOut_IsRefused(string path) =>
        Assert.Throws<ArgumentException>(() => SitePaths.Resolve(At(path), _roots));

    [Fact]
    public void Resolve_WithoutRoots_IsRefused() =>
        Assert.Throws<ArgumentException>(() => SitePaths.Resolve(At("a"), []));

    [Fact]
    public void Resolve_OfAnyPath_StaysBelowARootOrIsRefused()
    {
        string[] words = ["..", ".", "a", "b", "", "srv", "first", "second", "...", "a b"];
        var part = Gen.Int[0, words.Length - 1].Select(index => words[index]);
        var resolved = 0;
        Gen.Select(part.Array[1, 6], Gen.Bool).Sample(
            (parts, rooted) =>
            {
                var path = (rooted ? "/" : "") + string.Join('/', parts);
                if (SitePaths.WhyInvalid(At(path), _roots) is not null)
                {
                    return true;
                }

                Interlocked.Increment(ref resolved);
                var folder = Path.GetFullPath(SitePaths.Resolve(At(path), _roots));
                return _roots.Any(root => (folder + "/").StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal));
            },
            iter: 20_000);
        Assert.True(resolved > 100, "Hardly any path was accepted, so the property shows nothing.");
    }

    private static SitePath At(string path) => new() { Site = "east", Path = path };
}
