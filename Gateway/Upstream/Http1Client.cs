using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Continuity.Gateway.Forwarding;
using Continuity.ServiceDefaults.Credentials;
using Microsoft.Extensions.Options;

namespace Continuity.Gateway.Upstream;

/// <summary>Sends requests to replicas over HTTP/1.1 connections of the gateway's own.</summary>
internal sealed class Http1Client(
    IOptions<GatewayOptions> options, ReplicaCredentials credentials, Clock clock)
{
    // Up to here a body is cheaper copied behind its head than sent by itself.
    private const int MaxCopiedBody = 16 * 1024;
    private readonly TimeSpan _connectTimeout = options.Value.ConnectTimeout;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UpstreamAnswer> SendAsync(Exchange exchange, UpstreamCall call, ReadOnlyMemory<byte> body)
    {
        var pool = call.Replica.Connections;
        while (true)
        {
            var connection = pool.Take() ?? await ConnectAsync(call);
            var answer = new Http1Answer(connection, pool, call);
            try
            {
                call.Attach(connection);
                await SendRequestAsync(connection, exchange, call, body);
                await answer.ReadHeadAsync();
                return answer;
            }
            catch (Exception exception) when (FailureReader.IsExpected(exception) && connection.WasUsed
                && !answer.HasBytes && call.Ending == CallEnding.None)
            {
                // Replicas close idle connections when they like, and this one did as the request came. That says
                // nothing about the replica: it is asked once more, on a new connection.
                answer.Dispose();
                pool.CloseIdle();
            }
            catch
            {
                answer.Dispose();
                throw;
            }
        }
    }

    private async ValueTask SendRequestAsync(
        UpstreamConnection connection, Exchange exchange, UpstreamCall call, ReadOnlyMemory<byte> body)
    {
        var request = exchange.Context.Request;
        var start = call.Replica.Target.RequestStart(exchange.Operation, request, call.Replica.Route.UpstreamModel);
        var traceParent = RequestHead.TraceParent(request);
        var ending = new RequestHead.Ending(
            body.Length, MillisecondsLeft(exchange), credentials.HeaderFor(call.Replica.Route.Credential));
        var isCopied = body.Length <= MaxCopiedBody;
        var size = RequestHead.MaxLength(exchange, start, traceParent, ending) + (isCopied ? body.Length : 0);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var length = RequestHead.Write(buffer, exchange, start, traceParent, ending);
            if (isCopied)
            {
                body.CopyTo(buffer.AsMemory(length));
                length += body.Length;
            }

            await connection.SendAsync(buffer.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (!isCopied)
        {
            await connection.SendAsync(body);
        }
    }

    private long? MillisecondsLeft(Exchange exchange) =>
        exchange.Context.Request.Headers.ContainsKey(RequestHeaders.Timeout)
            ? Math.Max(1, (long)clock.Span(exchange.Deadline - clock.Now).TotalMilliseconds)
            : null;

    private async ValueTask<UpstreamConnection> ConnectAsync(UpstreamCall call)
    {
        var endPoint = call.Replica.Target.EndPoint;
        using var patience = new CancellationTokenSource(_connectTimeout, clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, call.Token);
        try
        {
            return await UpstreamSocket.OpenAsync(endPoint, clock, either.Token);
        }
        catch (SocketException exception)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, exception.Message, exception);
        }
    }
}
