using System.Net;
using System.Text.Json;
using Continuity.Contracts;
using Continuity.ControlPlane.Database;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Continuity.Api.Errors;

/// <summary>Turns what was thrown into what the caller can act on.</summary>
internal sealed partial class ProblemExceptionHandler(
    IProblemDetailsService problems, ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    internal const string RetryAfterSeconds = "2";

    public async ValueTask<bool> TryHandleAsync(
        HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
            return true;
        }

        var problem = Describe(exception);
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            LogUnavailable(context.Request.Path, exception.Message);
        }
        else if (problem.Status == StatusCodes.Status500InternalServerError)
        {
            LogFailed(exception, context.Request.Path);
        }

        context.Response.StatusCode = problem.Status ?? StatusCodes.Status500InternalServerError;
        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = context,
            ProblemDetails = problem });
    }

    private static ProblemDetails Describe(Exception exception) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException json } => Malformed(json),
        BadHttpRequestException bad => new ProblemDetails { Status = bad.StatusCode, Detail = bad.Message },
        CommitOutcomeUnknownException unknown => Unavailable("urn:continuity:outcome-unknown", unknown.Message),
        NpgsqlException refused when DatabaseErrors.IsTransient(refused) => Away(),
        TimeoutException => Away(),
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } => Preparing(),
        NpgsqlException { InnerException: IOException or System.Net.Sockets.SocketException } => Unavailable(
            "urn:continuity:database-away", "The connection to PostgreSQL broke. Nothing was changed; try again."),
        _ => new ProblemDetails
        {
            Status = StatusCodes.Status500InternalServerError,
            Detail = "This is a fault of the service; its log names the cause under the request's trace id.",
        },
    };

    private static ProblemDetails Away() => Unavailable(
        "urn:continuity:database-away", "PostgreSQL cannot be reached now. Nothing was changed; try again.");

    /// <summary>The schema or the first key is not there yet.</summary>
    internal static ProblemDetails Preparing() => Unavailable(
        "urn:continuity:database-away", "The database is being prepared. Nothing was changed; try again.");

    private static ProblemDetails Unavailable(string type, string detail) =>
        new() { Status = (int)HttpStatusCode.ServiceUnavailable, Type = type, Detail = detail };

    private static HttpValidationProblemDetails Malformed(JsonException exception)
    {
        var field = JsonFaults.Field(exception) ?? "body";
        var reason = JsonFaults.Reason(exception, "the reference at /scalar");
        return new HttpValidationProblemDetails(new Dictionary<string, string[]> { [field] = [reason] })
        {
            Status = StatusCodes.Status400BadRequest,
            Detail = $"The body is not the JSON that is expected here; see '{field}'.",
        };
    }

    [LoggerMessage(2000, LogLevel.Warning, "{Path} was answered with 503: {Reason}")]
    private partial void LogUnavailable(string path, string reason);

    [LoggerMessage(2001, LogLevel.Error, "{Path} failed.")]
    private partial void LogFailed(Exception exception, string path);
}
