using System.IO.Hashing;
using System.Runtime.CompilerServices;
using Continuity.Gateway.Forwarding;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Continuity.Gateway.Idempotency;

/// <summary>Forwards once per idempotency key: whoever shows the key again gets the first answer.</summary>
internal sealed class IdempotentForwarder(ModelForwarder forwarder, AnswerStore store, IOptions<GatewayOptions> options)
{
    private const string Header = "Idempotency-Key";
    private const int MaxKeyLength = 255;

    /// <returns>Nothing when the exchange was answered; otherwise what to answer.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ApiError?> ForwardAsync(Exchange exchange)
    {
        var values = exchange.Context.Request.Headers[Header];
        if (values.Count == 0)
        {
            await forwarder.ForwardAsync(exchange);
            return null;
        }

        if (values.Count > 1 || values[0] is not { Length: > 0 and <= MaxKeyLength } text)
        {
            return new ApiError(
                StatusCodes.Status400BadRequest, "invalid_request_error", "invalid_idempotency_key",
                $"{Header} must be there once, with 1 to {MaxKeyLength} characters.");
        }

        var key = new IdempotencyKey(exchange.Caller.Tenant, exchange.Context.Request.Path, text);
        var hash = XxHash3.HashToUInt64(exchange.Body!.Span);
        while (true)
        {
            var entry = store.Open(key, hash, out var isNew);
            if (entry.BodyHash != hash)
            {
                return new ApiError(
                    StatusCodes.Status422UnprocessableEntity, "invalid_request_error", "idempotency_key_reused",
                    $"This {Header} was used with another body; take a new one.");
            }

            if (isNew)
            {
                await RecordAsync(exchange, key, entry);
                return null;
            }

            if (await entry.Answer.WaitAsync(exchange.Aborted) is { } answer)
            {
                await ReplayAsync(exchange, answer);
                return null;
            }
        }
    }

    private async ValueTask RecordAsync(Exchange exchange, IdempotencyKey key, AnswerStore.Entry entry)
    {
        var features = exchange.Context.Features;
        var inner = features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var recorder = new AnswerRecorder(inner, options.Value.MaxBufferedResponseBytes);
        features.Set<IHttpResponseBodyFeature>(recorder);
        try
        {
            await forwarder.ForwardAsync(exchange);
        }
        finally
        {
            features.Set(inner);
            var response = exchange.Context.Response;

            // Only what a second attempt would not better is kept: no failures, nothing that broke or that nobody read.
            if (response.StatusCode < StatusCodes.Status500InternalServerError
                && response.StatusCode != StatusCodes.Status429TooManyRequests
                && !exchange.StreamBroken && !exchange.Aborted.IsCancellationRequested && recorder.Body is { } body)
            {
                store.Keep(key, entry, new StoredAnswer(response.StatusCode, [.. response.Headers], body));
            }
            else
            {
                store.Abandon(key, entry);
            }
        }
    }

    private static async ValueTask ReplayAsync(Exchange exchange, StoredAnswer answer)
    {
        var response = exchange.Context.Response;
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            if (!name.Equals("Date", StringComparison.OrdinalIgnoreCase)
                && !name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
            {
                response.Headers[name] = value;
            }
        }

        response.Headers[RequestHeaders.Replayed] = "true";
        response.Headers[RequestHeaders.RequestId] = exchange.RequestId;
        response.ContentLength = answer.Body.Length;
        await response.BodyWriter.WriteAsync(answer.Body, exchange.Aborted);
    }
}
