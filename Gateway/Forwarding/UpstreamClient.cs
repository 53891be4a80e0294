using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Continuity.Gateway.Routing;
using Continuity.Gateway.Upstream;
using Continuity.ServiceDefaults.Credentials;
using Microsoft.Extensions.Options;

namespace Continuity.Gateway.Forwarding;

/// <summary>The connections to replicas.</summary>
internal sealed class UpstreamClient : IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly ReplicaCredentials _credentials;
    private readonly Clock _clock;

    private readonly Http1Client _http1;

    public UpstreamClient(IOptions<GatewayOptions> options, ReplicaCredentials credentials, Clock clock)
    {
        _credentials = credentials;
        _clock = clock;
        _http1 = new Http1Client(options, credentials, clock);
        _invoker = new HttpMessageInvoker(CreateHandler(options.Value.ConnectTimeout));
    }

    public static SocketsHttpHandler CreateHandler(TimeSpan connectTimeout) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = connectTimeout,
        ConnectCallback = ConnectAsync,
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(5),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
        MaxConnectionsPerServer = int.MaxValue,
        MaxResponseHeadersLength = 64,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        // A broken answer is worth no more of this connection's bytes.
        MaxResponseDrainSize = 0,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        SslOptions = new SslClientAuthenticationOptions(),
    };

    /// <summary>Sends the exchange's request, or another body in its place, to the call's replica.</summary>
    public ValueTask<UpstreamAnswer> SendAsync(Exchange exchange, UpstreamCall call, ReadOnlyMemory<byte> body) =>
        call.Replica is { Target.IsPlain: true, Route.Http2: false }
            ? _http1.SendAsync(exchange, call, body)
            : SendByPlatformAsync(exchange, call, body);

    /// <summary>Sends a request of the gateway's own: a probe, a canary, a scrape.</summary>
    public Task<HttpResponseMessage> SendAsync(
        Replica replica, HttpRequestMessage message, CancellationToken cancellationToken)
    {
        message.Version = replica.HttpVersion;
        message.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        _credentials.Authorize(message, replica.Route.Credential);
        return _invoker.SendAsync(message, cancellationToken);
    }

    public void Dispose() => _invoker.Dispose();

    private async ValueTask<UpstreamAnswer> SendByPlatformAsync(
        Exchange exchange, UpstreamCall call, ReadOnlyMemory<byte> body)
    {
        var request = exchange.Context.Request;
        var replica = call.Replica;
        var target = replica.Target.UriFor(exchange.Operation, request, replica.Route.UpstreamModel);
        var message = new HttpRequestMessage(exchange.Operation.Method, target)
        {
            Version = replica.HttpVersion,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ReadOnlyMemoryContent(body),
        };
        HeaderRules.CopyRequest(request, message);
        _credentials.Authorize(message, replica.Route.Credential);
        message.Headers.TryAddWithoutValidation(RequestHeaders.RequestId, exchange.RequestId);
        if (request.Headers.ContainsKey(RequestHeaders.Timeout))
        {
            var left = _clock.Span(exchange.Deadline - _clock.Now);
            message.Headers.TryAddWithoutValidation(
                RequestHeaders.Timeout, Math.Max(1, (long)left.TotalMilliseconds).ToString("D"));
        }

        message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType ?? "application/json");
        return new MessageAnswer(await _invoker.SendAsync(message, call.Token), call);
    }

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        new NetworkStream(
            await UpstreamSocket.ConnectAsync(context.DnsEndPoint, cancellationToken), ownsSocket: true);
}
