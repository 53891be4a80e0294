using System.Net;
using Continuity.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;

namespace Continuity.Api.Tests;

/// <summary>The Api on a real port of this machine, with its own Kestrel.</summary>
internal sealed class ApiProcess : IAsyncDisposable
{
    public const string AdminKey = "ck_admin_test-secret";

    private readonly WebApplicationFactory<Program> _factory;
    private readonly Uri _address;

    private ApiProcess(WebApplicationFactory<Program> factory, Uri address)
    {
        _factory = factory;
        _address = address;
        Admin = CreateClient(AdminKey);
    }

    public ApiClient Admin { get; }

    public static Task<ApiProcess> StartAsync(string connectionString, params (string Key, string Value)[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.ConfigureLogging(logging => logging.ClearProviders());
            host.UseUrls(address.ToString());
            host.UseSetting("ConnectionStrings:continuity", connectionString);

            // Nobody listens there: the Api must serve without its broker.
            host.UseSetting("ConnectionStrings:kafka", "127.0.0.1:1");
            host.UseSetting("Bootstrap:AdminKey", AdminKey);
            foreach (var (key, value) in settings)
            {
                host.UseSetting(key, value);
            }
        });
        factory.UseKestrel();
        factory.StartServer();
        return Task.FromResult(new ApiProcess(factory, address));
    }

    public ApiClient CreateClient(string? key)
    {
        var client = new HttpClient { BaseAddress = new Uri(_address, "/api/v1/") };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        }

        return new ApiClient(client);
    }

    public Task WaitUntilReadyAsync() => Eventually.HoldsAsync(async () => await HealthAsync() == HttpStatusCode.OK);

    public async Task<HttpStatusCode> HealthAsync() => (await Admin.Http.GetAsync("/health")).StatusCode;

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await _factory.DisposeAsync();
    }
}
