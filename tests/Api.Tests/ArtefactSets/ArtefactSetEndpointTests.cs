using System.Net;
using Continuity.Contracts.Sites;

namespace Continuity.Api.Tests.ArtefactSets;

public sealed class ArtefactSetEndpointTests(ApiFixture fixture)
{
    [Theory]
    [InlineData("""{"source":{"site":"mars","path":"x"}}""", "source.site")]
    [InlineData("""{"source":{"site":"sets-a","path":"../x"}}""", "source.path")]
    [InlineData("""{"source":{"site":"sets-a","path":"a/../../x"}}""", "source.path")]
    [InlineData("""{"source":{"site":"sets-a","path":"/etc/passwd"}}""", "source.path")]
    [InlineData("""{"source":{"site":"sets-a","path":"/srv/sets-evil"}}""", "source.path")]
    [InlineData("""{"source":{"site":"sets-a","path":"x"},"targets":[{"site":"sets-a","path":"x/y"}]}""",
        "targets[0].path")]
    [InlineData("""{"source":{"site":"sets-a","path":"x"},"archives":{"site":"mars","path":"y"}}""", "archives.site")]
    public async Task Put_WithAPlaceThatCannotBe_NamesTheField(string body, string field)
    {
        await fixture.Admin.PutAsync<Site>("sites/sets-a", new PutSiteRequest { StorageRoots = ["/srv/sets"] });

        var answer = await fixture.Admin.SendAsync(HttpMethod.Put, "artefact-sets/refused", body);

        answer.AssertProblem(HttpStatusCode.BadRequest);
        Assert.Equal([field], answer.Fields);
    }

    [Fact]
    public async Task Delete_OfASiteThatKeepsASet_Answers409()
    {
        await fixture.Admin.PutAsync<Site>("sites/sets-b", new PutSiteRequest { StorageRoots = ["/srv/b"] });
        await fixture.Admin.PutAsync<Site>("sites/sets-c", new PutSiteRequest { StorageRoots = ["/srv/c"] });
        await fixture.Admin.SendAsync(
            HttpMethod.Put,
            "artefact-sets/kept",
            """{"source":{"site":"sets-b","path":"x"},"targets":[{"site":"sets-c","path":"x"}]}""");

        var source = await fixture.Admin.SendAsync(HttpMethod.Delete, "sites/sets-b");
        var target = await fixture.Admin.SendAsync(HttpMethod.Delete, "sites/sets-c");

        source.AssertProblem(HttpStatusCode.Conflict);
        target.AssertProblem(HttpStatusCode.Conflict);
    }
}
