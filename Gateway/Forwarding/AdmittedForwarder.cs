using System.Runtime.CompilerServices;
using Continuity.Gateway.Admission;
using Continuity.Gateway.Idempotency;

namespace Continuity.Gateway.Forwarding;

/// <summary>Forwards what admission lets in, and accounts for it afterwards however it ended.</summary>
internal sealed class AdmittedForwarder(
    AdmissionControl admission, IdempotentForwarder forwarder, ForwardingMetrics metrics)
{
    /// <returns>Nothing when the exchange was answered; otherwise what to answer.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ApiError?> ForwardAsync(Exchange exchange)
    {
        if (await admission.EnterAsync(exchange) is { } refusal)
        {
            return refusal;
        }

        try
        {
            return await forwarder.ForwardAsync(exchange);
        }
        finally
        {
            admission.Leave(exchange);
            metrics.Ended(exchange);
        }
    }
}
