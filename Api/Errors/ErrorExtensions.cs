using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Continuity.Api.Errors;

/// <summary>Every error is a problem document (RFC 9457) that says what was wrong and what to do.</summary>
internal static class ErrorExtensions
{
    /// <summary>No request of the control plane is anywhere near as large.</summary>
    private const long MaxBodyBytes = 1024 * 1024;

    public static void AddApiErrors(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = MaxBodyBytes);
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = Complete);
        builder.Services.AddExceptionHandler<ProblemExceptionHandler>();
        builder.Services.AddValidation();
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            // A misspelt field is an error, not a default.
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.AllowDuplicateProperties = false;
            options.SerializerOptions.TypeInfoResolver =
                new DefaultJsonTypeInfoResolver { Modifiers = { LeaveRequiredToValidation } };
        });
    }

    // The reader would stop at a missing field with a sentence of its own; validation names all of them.
    private static void LeaveRequiredToValidation(JsonTypeInfo type)
    {
        if (type.Type.Namespace?.StartsWith("Continuity.Contracts", StringComparison.Ordinal) == true)
        {
            foreach (var property in type.Properties)
            {
                property.IsRequired = false;
            }
        }
    }

    private static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        problem.Detail ??= problem.Status switch
        {
            StatusCodes.Status401Unauthorized =>
                "Send a valid API key ('Authorization: Bearer ck_...'): it is missing, unknown, expired or revoked.",
            StatusCodes.Status403Forbidden => "The API key's roles do not allow this; ask for a key with more rights.",
            StatusCodes.Status404NotFound => "There is no such path; the reference is at /scalar.",
            StatusCodes.Status405MethodNotAllowed =>
                "The path exists, but not with this method; the reference is at /scalar.",
            StatusCodes.Status413PayloadTooLarge => "The body is larger than 1 MiB, which no request here needs.",
            StatusCodes.Status415UnsupportedMediaType => "Send the body as 'Content-Type: application/json'.",
            _ => null,
        };
        if (problem is HttpValidationProblemDetails validation)
        {
            validation.Errors = validation.Errors.ToDictionary(error => FieldName(error.Key), error => error.Value);
        }
    }

    // As the caller spelt it in JSON: "Source.Site" is "source.site".
    private static string FieldName(string member) =>
        string.Join('.', member.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
