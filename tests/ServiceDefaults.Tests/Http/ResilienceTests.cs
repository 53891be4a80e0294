using System.Net;
using Continuity.ServiceDefaults.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Continuity.ServiceDefaults.Tests.Http;

public sealed class ResilienceTests
{
    [Fact]
    public async Task Client_ByDefault_RetriesAndFindsServicesByName()
    {
        var asked = 0;
        await using var target = await StartFlakyAsync(() => Interlocked.Increment(ref asked));
        await using var service = await ServiceHarness.StartAsync(builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["services:target:http:0"] = target.Public.BaseAddress!.ToString(),
            });
            builder.Services.AddHttpClient("default");
        });

        var client = service.Services.GetRequiredService<IHttpClientFactory>().CreateClient("default");
        var response = await client.GetAsync("http://target/flaky");

        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, asked));
    }

    [Fact]
    public async Task Client_WithoutResilience_AsksOnce()
    {
        var asked = 0;
        await using var target = await StartFlakyAsync(() => Interlocked.Increment(ref asked));
        await using var service = await ServiceHarness.StartAsync(
            builder => builder.Services.AddHttpClient("plain").WithoutResilience());

        var client = service.Services.GetRequiredService<IHttpClientFactory>().CreateClient("plain");
        var response = await client.GetAsync(new Uri(target.Public.BaseAddress!, "/flaky"));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (response.StatusCode, asked));
    }

    private static Task<ServiceHarness> StartFlakyAsync(Func<int> count) => ServiceHarness.StartAsync(
        map: app => app.MapGet("/flaky", () => count() == 1 ? Results.StatusCode(503) : Results.Ok()));
}
