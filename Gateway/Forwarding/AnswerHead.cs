namespace Continuity.Gateway.Forwarding;

/// <summary>The head of an answer: the replica's headers, and the gateway's own.</summary>
internal static class AnswerHead
{
    public static void Write(Exchange exchange, Reply reply)
    {
        var response = exchange.Context.Response;
        response.StatusCode = reply.Answer.Status;
        reply.Answer.CopyHeaders(response.Headers);
        response.Headers[RequestHeaders.RequestId] = exchange.RequestId;
        response.Headers[RequestHeaders.Replica] = reply.Replica.Id;
        if (exchange.Attempts > 1)
        {
            response.Headers[RequestHeaders.Attempts] = exchange.Attempts.ToString("D");
        }

        exchange.AnsweredBy = reply.Replica;
    }
}
