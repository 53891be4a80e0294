using Microsoft.AspNetCore.Http.Extensions;

namespace Continuity.ModelServer.Serving;

/// <summary>What holds for every request: who answered it, and errors in OpenAI's shape.</summary>
internal static class DoorMiddleware
{
    private const string ServedBy = "x-served-by";
    private const string RequestId = "x-request-id";

    public static void UseDoor(this IApplicationBuilder app, ModelOptions options) =>
        app.Use(async (context, next) =>
        {
            var response = context.Response;
            response.Headers[ServedBy] = options.Replica;
            if (context.Request.Headers.TryGetValue(RequestId, out var requestId))
            {
                response.Headers[RequestId] = requestId;
            }

            try
            {
                await next(context);
                if (IsUnrouted(response))
                {
                    var asked = $"{context.Request.Method} {context.Request.GetEncodedPathAndQuery()}";
                    await response.WriteErrorAsync(
                        new ApiException(response.StatusCode, $"{asked} is not served here.", null, null));
                }
            }
            catch (ApiException exception) when (!response.HasStarted)
            {
                await response.WriteErrorAsync(exception);
            }
            catch (BadHttpRequestException exception) when (!response.HasStarted)
            {
                await response.WriteErrorAsync(new ApiException(exception.StatusCode, exception.Message, null, null));
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                // The client went away: nobody is left to be answered.
            }
        });

    private static bool IsUnrouted(HttpResponse response) =>
        !response.HasStarted
        && response.StatusCode is (StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed);
}
