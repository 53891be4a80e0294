using Microsoft.AspNetCore.Http.HttpResults;

namespace Continuity.Api.Errors;

/// <summary>The refusals that several resources share.</summary>
internal static class Problems
{
    public static ProblemHttpResult NotFound(string kind, string id) => TypedResults.Problem(
        statusCode: StatusCodes.Status404NotFound,
        type: "urn:continuity:not-found",
        detail: $"There is no {kind} '{id}'.");

    public static ProblemHttpResult Conflict(string type, string detail) => TypedResults.Problem(
        statusCode: StatusCodes.Status409Conflict, type: $"urn:continuity:{type}", detail: detail);

    public static ValidationProblem Invalid(string field, string reason) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]> { [field] = [reason] });
}
