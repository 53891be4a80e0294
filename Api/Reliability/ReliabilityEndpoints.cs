using System.Text;
using System.Text.Json;
using Continuity.Api.Authentication;
using Continuity.Api.Errors;
using Continuity.Contracts.Reliability;
using Continuity.Reliability.Estimation;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.Living;
using Continuity.Reliability.Reports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Continuity.Api.Reliability;

internal static class ReliabilityEndpoints
{
    public static RouteGroupBuilder MapReliability(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/reliability").WithTags("Reliability");
        group.MapGet("/", GetOverviewAsync)
            .WithName("GetReliability").WithSummary("All services and artefact sets, assessed in short").ForViewers()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/platform", GetPlatformAsync)
            .WithName("GetReliabilityPlatform").WithSummary("The topology and the numbers behind it").ForViewers()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/report", GetReportAsync)
            .WithName("GetReliabilityReport").WithSummary("Everything as one page of HTML").ForViewers()
            .Produces<string>(StatusCodes.Status200OK, "text/html")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/estimates", Estimate)
            .WithName("EstimateReliability").WithSummary("The numbers after incidents and drills").ForViewers();
        group.MapFaults();
        MapSubjects(group.MapGroup("/services"), SubjectKind.Service, "Service");
        MapSubjects(group.MapGroup("/artefact-sets"), SubjectKind.ArtefactSet, "ArtefactSet");
        return group;
    }

    private static void MapSubjects(RouteGroupBuilder group, SubjectKind kind, string word)
    {
        var what = kind == SubjectKind.Service ? "service" : "artefact set";
        Describe(
            group.MapGet("/{name}", (string name, ReliabilityModels models, CancellationToken cancellationToken) =>
                AssessAsync(kind, name, models, cancellationToken)),
            $"Assess{word}",
            $"How reliable one {what} is, what limits it, and what would help");
        Describe(
            group.MapPost("/{name}/what-ifs", (
                string name, WhatIfRequest request, ReliabilityModels models, CancellationToken cancellationToken) =>
                EvaluateAsync(new Subject(kind, name), request, models, cancellationToken)),
            $"AskWhatIfOf{word}",
            $"The effect of a change on one {what}");
        Describe(
            group.MapGet("/{name}/diagram", (
                string name, ReliabilityModels models, CancellationToken cancellationToken, string format = "svg") =>
                DrawAsync(new Subject(kind, name), format, models, cancellationToken))
                .Produces<string>(StatusCodes.Status200OK, "image/svg+xml", "text/vnd.graphviz"),
            $"Draw{word}",
            $"The fault graph of one {what}, as svg or dot");
    }

    private static void Describe(RouteHandlerBuilder endpoint, string name, string summary) => endpoint
        .WithName(name).WithSummary(summary).ForViewers()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Ok<ReliabilityOverview>> GetOverviewAsync(
        ReliabilityModels models, CancellationToken cancellationToken)
    {
        var (model, age) = await models.GetAsync(cancellationToken);
        return TypedResults.Ok(new ReliabilityOverview(age, [.. model.Subjects
            .Select(subject => subject.Assess(cancellationToken))
            .Select(item => new SubjectSummary
            {
                Kind = item.Kind,
                Name = item.Name,
                Availability = item.Availability,
                DowntimeHoursPerYear = item.DowntimeHoursPerYear,
                Objective = item.Objective,
                MeetsObjective = item.MeetsObjective,
                Limit = item.Limit,
            })]));
    }

    private static async Task<Ok<PlatformAnswer>> GetPlatformAsync(
        ReliabilityModels models, CancellationToken cancellationToken)
    {
        var (model, _) = await models.GetAsync(cancellationToken);
        return TypedResults.Ok(new PlatformAnswer(model.Topology, model.Assumptions));
    }

    private static async Task<ContentHttpResult> GetReportAsync(
        ReliabilityModels models, CancellationToken cancellationToken)
    {
        var (model, age) = await models.GetAsync(cancellationToken);
        var page = AssessmentReport.Write(
            model.Subjects.Select(subject => (subject, subject.Assess(cancellationToken))),
            model.Assumptions,
            age.Reason);
        return TypedResults.Content(page, "text/html", Encoding.UTF8);
    }

    private static async Task<Results<Ok<AssessmentAnswer>, ProblemHttpResult>> AssessAsync(
        SubjectKind kind, string name, ReliabilityModels models, CancellationToken cancellationToken)
    {
        var (model, age) = await models.GetAsync(cancellationToken);
        return model.Find(kind, name) is { } subject
            ? TypedResults.Ok(new AssessmentAnswer(age, subject.Assess(cancellationToken)))
            : Unknown(kind, name, age);
    }

    private static async Task<Results<Ok<WhatIfAnswer>, ValidationProblem, ProblemHttpResult>> EvaluateAsync(
        Subject asked, WhatIfRequest request, ReliabilityModels models, CancellationToken cancellationToken)
    {
        var (model, age) = await models.GetAsync(cancellationToken);
        if (model.Find(asked.Kind, asked.Name) is not { } subject)
        {
            return Unknown(asked.Kind, asked.Name, age);
        }

        var change = new WhatIf
        {
            Description = "as asked",
            NewSite = request.NewSite,
            ReplicaAt = request.ReplicaAt,
            SecondDomain = request.SecondDomain,
            SpreadDomain = request.SpreadDomain,
            RepairFactor = request.RepairFactor,
            FailureFactor = request.FailureFactor,
            Class = request.Component is { } word ? PlatformEvidence.ClassOf(word) : null,
            FailoverTestHours = request.FailoverTestHours,
            CommonCauseShare = request.CommonCauseShare,
        };
        var refusals = subject.Refusals(change).ToDictionary(
            refusal => JsonNamingPolicy.CamelCase.ConvertName(refusal.Property), refusal => new[] { refusal.Reason });
        return refusals.Count > 0
            ? TypedResults.ValidationProblem(refusals, detail: age.Reason)
            : TypedResults.Ok(new WhatIfAnswer(age, subject.Evaluate(change)));
    }

    private static async Task<Results<ContentHttpResult, ValidationProblem, ProblemHttpResult>> DrawAsync(
        Subject asked, string format, ReliabilityModels models, CancellationToken cancellationToken)
    {
        var (model, age) = await models.GetAsync(cancellationToken);
        if (model.Find(asked.Kind, asked.Name) is not { } subject)
        {
            return Unknown(asked.Kind, asked.Name, age);
        }

        return format switch
        {
            "svg" => TypedResults.Content(GraphSvg.Write(subject.Graph), "image/svg+xml", Encoding.UTF8),
            "dot" => TypedResults.Content(GraphDot.Write(subject.Graph), "text/vnd.graphviz", Encoding.UTF8),
            _ => Problems.Invalid("format", "The format must be svg or dot."),
        };
    }

    private static Results<Ok<PlatformAssumptions>, ValidationProblem> Estimate(
        EvidenceRequest request, PlatformAssumptions assumptions)
    {
        var unknown = request.ExposureHours.Keys.Where(name => !Enum.TryParse<ComponentClass>(name, true, out _));
        if (unknown.FirstOrDefault() is { } word)
        {
            return Problems.Invalid(
                "exposureHours",
                $"'{word}' is no component; they are site, gateway, replica, storage and infrastructure.");
        }

        try
        {
            var evidence = new Evidence(
                request.Faults.Select(PlatformEvidence.Record),
                request.ExposureHours.ToDictionary(
                    pair => PlatformEvidence.ClassOf(pair.Key).ToString(), pair => pair.Value));
            return TypedResults.Ok(assumptions.After(evidence));
        }
        catch (InvalidModelException exception)
        {
            return TypedResults.ValidationProblem(exception.Errors
                .GroupBy(error => error.Element)
                .ToDictionary(group => group.Key, group => group.Select(error => error.Message).ToArray()));
        }
    }

    // What was declared a moment ago may not be in the model yet; the refusal says so.
    private static ProblemHttpResult Unknown(SubjectKind kind, string name, ModelAge age) =>
        Problems.NotFound(kind == SubjectKind.Service ? "service" : "artefact set", name, age.Reason);

    private readonly record struct Subject(SubjectKind Kind, string Name);
}
