using System.CommandLine;
using Continuity.Cli.Output;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.Living;
using Continuity.Reliability.Reports;

namespace Continuity.Cli.Reliability;

/// <summary><c>reliability assess</c>: how reliable a platform's services are, what limits them, what would help.
/// </summary>
internal sealed class AssessCommand
{
    private readonly Argument<FileInfo> _platform = new("platform")
    {
        Description = "A platform in JSON: topology and assumptions, as GET /api/v1/reliability/platform gives them.",
    };

    private readonly Option<string?> _service = new("--service") { Description = "Only this service." };

    private readonly Option<FileInfo?> _html = new("--html") { Description = "Also write a report as HTML." };

    private readonly Option<FileInfo?> _svg = new("--svg")
    {
        Description = "Also write the fault graph of --service as a picture.",
    };

    private readonly Option<FileInfo?> _dot = new("--dot")
    {
        Description = "Also write the fault graph of --service for Graphviz.",
    };

    private readonly Option<bool> _json;

    private AssessCommand(Option<bool> json) => _json = json;

    public static Command Create(Option<bool> json)
    {
        var arguments = new AssessCommand(json);
        var command = new Command("assess", "Assess the services and artefact sets of a platform.")
        {
            arguments._platform, arguments._service, arguments._html, arguments._svg, arguments._dot,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = new CliOutput(parsed.GetValue(json), isQuiet: false);
            try
            {
                await arguments.RunAsync(parsed, output, cancellationToken);
                return ExitCode.Success;
            }
            catch (Exception exception) when (CodeOf(exception) is { } code)
            {
                output.Fail(code == ExitCode.Interrupted ? "Interrupted." : exception.Message, code);
                return code;
            }
        });
        return command;
    }

    private async Task RunAsync(ParseResult parsed, CliOutput output, CancellationToken cancellationToken)
    {
        var service = parsed.GetValue(_service);
        if (service is null && (parsed.GetValue(_svg) ?? parsed.GetValue(_dot)) is not null)
        {
            throw new UsageException("--svg and --dot draw one service: name it with --service.");
        }

        var platform = await PlatformFile.ReadAsync(parsed.GetRequiredValue(_platform), cancellationToken);
        var model = LivingModel.Compile(platform.Topology, platform.Assumptions, cancellationToken);
        var subjects = service is null ? model.Subjects : [Find(model, service)];
        var assessed = subjects.Select(subject => (subject, subject.Assess(cancellationToken))).ToList();
        await WriteAsync(
            parsed.GetValue(_html), () => AssessmentReport.Write(assessed, model.Assumptions), cancellationToken);
        await WriteAsync(parsed.GetValue(_svg), () => GraphSvg.Write(subjects[0].Graph), cancellationToken);
        await WriteAsync(parsed.GetValue(_dot), () => GraphDot.Write(subjects[0].Graph), cancellationToken);
        output.Result(
            new AssessJson([.. assessed.Select(pair => pair.Item2)]),
            CliJson.Default.AssessJson,
            () => assessed.SelectMany(pair => AssessText.Lines(pair.Item2)));
    }

    private static SubjectModel Find(LivingModel model, string service) =>
        model.Find(SubjectKind.Service, service)
        ?? throw new UsageException($"The platform has no service '{service}'.");

    private static async Task WriteAsync(FileInfo? file, Func<string> write, CancellationToken cancellationToken)
    {
        if (file is not null)
        {
            await File.WriteAllTextAsync(file.FullName, write(), cancellationToken);
        }
    }

    private static int? CodeOf(Exception exception) => exception switch
    {
        UsageException => ExitCode.Usage,
        OperationCanceledException => ExitCode.Interrupted,
        InvalidModelException or ArgumentOutOfRangeException => ExitCode.InvalidModel,
        IOException or UnauthorizedAccessException => ExitCode.Failed,
        _ => null,
    };
}
