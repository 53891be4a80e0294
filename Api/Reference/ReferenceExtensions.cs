using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Continuity.Api.Reference;

/// <summary>The OpenAPI document and the page that shows it.</summary>
/// <remarks>Open to everybody: they describe the product and tell nothing of what runs here.</remarks>
internal static class ReferenceExtensions
{
    private const string Scheme = "apiKey";

    public static void AddReference(this WebApplicationBuilder builder) =>
        builder.Services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Continuity",
                Version = "v1",
                Description = "Sites, services, replicas, artefact sets, jobs, keys and reliability.",
            };
            // The page's own origin: what the Api hears behind a gateway is an address of no use to its readers.
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key, `ck_<id>_<secret>`.",
            };
            document.Security =
                [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
            return Task.CompletedTask;
        }));

    public static void MapReference(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        // Nothing on the page speaks to anybody but this Api.
        app.MapScalarApiReference(options => options
            .WithTitle("Continuity API").HideDeveloperTools().DisableAgent().DisableMcp().DisableTelemetry()
            .HideClientButton()).AllowAnonymous();
    }
}
