using System.Text;
using Continuity.Gateway.Forwarding;
using Microsoft.Extensions.Options;

namespace Continuity.Gateway;

/// <summary>How this process listens and stops.</summary>
internal static class GatewayServerExtensions
{
    // Connections that wait to be accepted. One for which there is no place is tried again by its client's kernel only
    // after a second: with the platform's 512, a gateway that is held up for a quarter of a second at 2,000 new
    // connections a second made that second of it. The kernel may allow fewer (net.core.somaxconn).
    private const int Backlog = 4096;

    public static WebApplicationBuilder AddGatewayServer(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        builder.Services.AddSingleton<Clock>();
        builder.Services.AddHostedService<DrainDelay>();
        builder.Services.AddHostedService<HeapTrimmer>();
        var options = builder.Configuration.GetSection(GatewayOptions.Section).Get<GatewayOptions>()
            ?? new GatewayOptions();
        builder.Services.Configure<HostOptions>(
            host => host.ShutdownTimeout = options.DrainDelay + options.ShutdownTimeout);
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.UnsafePreferInlineScheduling = true;
            sockets.Backlog = Backlog;
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // Header bytes pass as they are, in both directions: what can't be read here is not for this process to
            // refuse.
            kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;

            // Bodies for models are counted by RequestBody: Kestrel's own limit would reset the connection of a client
            // that is still sending, before it could read why. UseModels sets it for everything else.
            kestrel.Limits.MaxRequestBodySize = null;

            // Headers that are too large are told so by HeaderLimit; Kestrel's own answer says nothing but 431, and is
            // for those that are beyond all measure.
            kestrel.Limits.MaxRequestHeadersTotalSize = HeaderLimit.BeyondMeasure * options.MaxRequestHeadersBytes;
            kestrel.Limits.MaxRequestHeaderCount = HeaderLimit.BeyondMeasure * HeaderLimit.MaxCount;
            kestrel.Limits.RequestHeadersTimeout = options.RequestHeadersTimeout;
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(5);
        });

        // A line and an activity per request of the framework's own would double what the access log tells, at a price.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);

        // Kestrel needs TLS services only when an endpoint asks for them; the slim builder leaves them out.
        builder.WebHost.UseKestrelHttpsConfiguration();
        return builder;
    }
}
