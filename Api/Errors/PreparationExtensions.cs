using Continuity.Api.Inventory;
using Microsoft.AspNetCore.Authorization;

namespace Continuity.Api.Errors;

internal static class PreparationExtensions
{
    /// <summary>
    /// Answers 503 until the schema and the first key are in the database: before, a right key would look wrong, and
    /// every early caller would leave a warning about missing tables.
    /// </summary>
    public static void UsePreparation(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<InventorySettings>();
        app.Use((context, next) =>
            settings.IsApplied || NeedsNoDatabase(context) ? next(context) : RefuseAsync(context));
    }

    private static bool NeedsNoDatabase(HttpContext context) =>
        context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    private static async Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = ProblemExceptionHandler.RetryAfterSeconds;
        await context.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails = ProblemExceptionHandler.Preparing(),
        });
    }
}
