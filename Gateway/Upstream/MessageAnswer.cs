using System.Net.Http.Headers;
using Continuity.Gateway.Forwarding;
using Microsoft.Extensions.Primitives;

namespace Continuity.Gateway.Upstream;

/// <summary>An answer that came by the platform's client: HTTP/2, or over TLS.</summary>
internal sealed class MessageAnswer(HttpResponseMessage message, UpstreamCall call) : UpstreamAnswer
{
    private Stream? _body;

    public override int Status => (int)message.StatusCode;

    public override long? Length => message.Content.Headers.ContentLength;

    public override string ContentType =>
        message.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : "";

    public override void CopyHeaders(IHeaderDictionary to)
    {
        Copy(message.Headers.NonValidated, to);
        Copy(message.Content.Headers.NonValidated, to);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        _body ??= await message.Content.ReadAsStreamAsync(call.Token);
        return await _body.ReadAsync(buffer, call.Token);
    }

    public override void Dispose() => message.Dispose();

    private static void Copy(HttpHeadersNonValidated from, IHeaderDictionary to)
    {
        foreach (var (name, values) in from)
        {
            if (HeaderRules.IsSentBack(name))
            {
                to[name] = values.Count == 1 ? new StringValues(values.ToString()) : new StringValues([.. values]);
            }
        }
    }
}
