using Continuity.Contracts.Routing;
using Continuity.Contracts.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Continuity.Workers.Tests.Monitoring;

/// <summary>A real HTTP server with the paths that a monitor asks, and faults to switch on.</summary>
internal sealed class FakeReplica : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeReplica(WebApplication app, string model)
    {
        _app = app;
        Models = $$"""{"object":"list","data":[{"id":"{{model}}","object":"model"}]}""";
    }

    public string Models { get; set; }

    public bool IsFailing { get; set; }

    public bool IsHanging { get; set; }

    /// <summary>What it wants to be shown; null to answer everybody.</summary>
    public string? Key { get; set; }

    public Uri Address => new(_app.Urls.First());

    public static async Task<FakeReplica> StartAsync(string model, HttpProtocols protocols = HttpProtocols.Http1)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = protocols));
        var app = builder.Build();
        var replica = new FakeReplica(app, model);
        app.Run(replica.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return replica;
    }

    public static Replica Describe(Uri address, string service) => new()
    {
        Id = "replica",
        Service = service,
        Site = "east",
        Address = address,
        Engine = EngineKind.Vllm,
        Weight = 100,
        State = ReplicaState.Serving,
        Verdict = Verdict.Unknown,
    };

    public Replica Describe(string service) => Describe(Address, service);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (IsHanging)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        }

        if (Key is not null && context.Request.Headers.Authorization != $"Bearer {Key}")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        context.Response.StatusCode = IsFailing ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        await context.Response.WriteAsync(context.Request.Path == "/v1/models" ? Models : "");
    }
}
