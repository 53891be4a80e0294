using Continuity.Gateway.Routing;
using Continuity.Gateway.Upstream;

namespace Continuity.Gateway.Forwarding;

/// <summary>An answer whose head has arrived, and the call that brings it.</summary>
internal sealed class Reply(UpstreamCall call, UpstreamAnswer answer, long startedAt) : IDisposable
{
    public UpstreamCall Call => call;

    public Replica Replica => call.Replica;

    public UpstreamAnswer Answer => answer;

    public long StartedAt => startedAt;

    public void Dispose()
    {
        answer.Dispose();
        call.Dispose();
    }
}
