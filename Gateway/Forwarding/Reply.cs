using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Forwarding;

/// <summary>An answer whose head has arrived, and the call that brings it.</summary>
internal sealed class Reply(UpstreamCall call, HttpResponseMessage response, long startedAt) : IDisposable
{
    public UpstreamCall Call => call;

    public Replica Replica => call.Replica;

    public HttpResponseMessage Response => response;

    public long StartedAt => startedAt;

    public void Dispose()
    {
        response.Dispose();
        call.Dispose();
    }
}
