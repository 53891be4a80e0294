using Microsoft.AspNetCore.Http.HttpResults;

namespace Continuity.Api.Errors;

/// <summary>The refusals that several resources share.</summary>
internal static class Problems
{
    /// <summary>There is no such thing; the note, if any, is a sentence that says why that may change.</summary>
    public static ProblemHttpResult NotFound(string kind, string id, string? note = null) => TypedResults.Problem(
        statusCode: StatusCodes.Status404NotFound,
        type: "urn:continuity:not-found",
        detail: note is null ? $"There is no {kind} '{id}'." : $"There is no {kind} '{id}'. {note}");

    public static ProblemHttpResult Conflict(string type, string detail) => TypedResults.Problem(
        statusCode: StatusCodes.Status409Conflict, type: $"urn:continuity:{type}", detail: detail);

    public static ValidationProblem Invalid(string field, string reason) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]> { [field] = [reason] });
}
