using System.Net.Sockets;
using System.Security.Authentication;
using Continuity.Gateway.Health;

namespace Continuity.Gateway.Forwarding;

/// <summary>Tells from an exception, and from why the call was ended, what went wrong with an attempt.</summary>
internal static class FailureReader
{
    /// <summary>
    /// Whether an exception is one that attempts may end in; anything else is a fault of this program.
    /// </summary>
    public static bool IsExpected(Exception exception) =>
        exception is HttpRequestException or IOException or OperationCanceledException or SocketException
            or ObjectDisposedException; // A call that is ended finds its connection closed.

    public static Failure Read(Exception exception, UpstreamCall call) => call.Ending switch
    {
        CallEnding.TimedOut => new Failure(Outcome.TimedOut, "It showed no sign of life in time."),
        CallEnding.JudgedDown => new Failure(Outcome.JudgedDown, "It was judged down while the request was there."),
        CallEnding.Moved => new Failure(Outcome.Moved, "It drains, and its time for that is over."),
        CallEnding.ClientGone => new Failure(Outcome.Abandoned, "The client went away."),
        CallEnding.DeadlinePassed => new Failure(Outcome.Abandoned, "The request's deadline passed."),
        CallEnding.Overtaken => new Failure(Outcome.Abandoned, "Another replica answered first."),
        _ => Read(exception),
    };

    private static Failure Read(Exception exception)
    {
        if (exception is HttpRequestException { HttpRequestError: var error } request)
        {
            return error switch
            {
                HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError =>
                    new Failure(
                        Outcome.ConnectFailed, $"No connection: {request.InnerException?.Message ?? request.Message}"),
                HttpRequestError.SecureConnectionError =>
                    new Failure(
                        Outcome.ConnectFailed, $"No trusted connection: {Innermost<AuthenticationException>(request)}"),
                HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded =>
                    new Failure(Outcome.Nonsense, $"Its answer is no valid HTTP: {request.Message}"),
                _ => new Failure(
                    Outcome.Broken, $"The connection broke: {request.InnerException?.Message ?? request.Message}"),
            };
        }

        return exception is OperationCanceledException
            ? new Failure(Outcome.ConnectFailed, "The connection could not be made in time.") { TookTooLong = true }
            : new Failure(Outcome.Broken, $"The connection broke: {exception.Message}");
    }

    private static string Innermost<TException>(Exception exception)
        where TException : Exception
    {
        for (var inner = exception.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is TException)
            {
                return inner.Message;
            }
        }

        return exception.Message;
    }
}
