using System.Net;
using System.Text.Json;

namespace Continuity.Api.Tests.Reference;

public sealed class ReferenceTests(ApiFixture fixture)
{
    [Fact]
    public async Task OpenApi_Document_DescribesEveryResourceAndTheKey()
    {
        using var document = JsonDocument.Parse(await fixture.Admin.Http.GetStringAsync("/openapi/v1.json"));

        var paths = document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        foreach (var resource in new[]
                 { "sites", "services", "services/{name}/replicas", "artefact-sets", "jobs", "keys", "tenants",
                     "routing" })
        {
            Assert.Contains(paths, path => path.TrimEnd('/') == $"/api/v1/{resource}");
        }

        var schemes = document.RootElement.GetProperty("components").GetProperty("securitySchemes");
        Assert.Equal("bearer", schemes.GetProperty("apiKey").GetProperty("scheme").GetString());
    }

    [Fact]
    public async Task OpenApi_EveryOperation_HasANameOfItsOwnAndASummary()
    {
        using var document = JsonDocument.Parse(await fixture.Admin.Http.GetStringAsync("/openapi/v1.json"));

        var operations = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value)
            .ToList();
        var names = operations.Select(operation => operation.GetProperty("operationId").GetString()).ToList();

        Assert.True(names.Count > 20);
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(operations, operation => Assert.NotEmpty(operation.GetProperty("summary").GetString()!));
    }

    [Fact]
    public async Task Scalar_Page_IsServedWithoutAKey()
    {
        using var nobody = fixture.Api.CreateClient(key: null);

        var response = await nobody.Http.GetAsync("/scalar/");

        Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode,
            response.Content.Headers.ContentType?.MediaType));
    }
}
