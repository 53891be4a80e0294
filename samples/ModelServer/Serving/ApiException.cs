using System.Diagnostics.CodeAnalysis;

namespace Continuity.ModelServer.Serving;

/// <summary>A request that is refused; the message goes to the client in OpenAI's error shape.</summary>
internal sealed class ApiException(int status, string message, string? parameter, string? code) : Exception(message)
{
    public int Status { get; } = status;

    public string? Parameter { get; } = parameter;

    public string? Code { get; } = code;

    public static ApiException BadRequest(string message, string? parameter, string? code = null) =>
        new(StatusCodes.Status400BadRequest, message, parameter, code);

    public static ApiException UnknownModel(string model) =>
        new(StatusCodes.Status404NotFound, $"The model `{model}` does not exist.", "model", "model_not_found");

    /// <summary>Refuses a request for what it holds.</summary>
    public static void ThrowIf([DoesNotReturnIf(true)] bool isWrong, string message, string? parameter)
    {
        if (isWrong)
        {
            throw BadRequest(message, parameter);
        }
    }
}
