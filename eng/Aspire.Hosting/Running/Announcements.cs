using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Building;
using Aspire.Hosting.Infrastructure;

namespace Aspire.Hosting.Running;

/// <summary>What the host tells the person at the terminal.</summary>
internal sealed class Announcements(DistributedApplicationBuilder builder, Stack stack)
{
    private readonly long _begin = TimeProvider.System.GetTimestamp();

    public void Starting()
    {
        var count = stack.Context.Board.Current.Count;
        Console.Out.WriteLine($"Starting {count} resources as local processes; state and logs in {builder.State.Path}");
        var files = new PostgresFiles(builder.State);
        if (files.IsOutside && builder.Resources.OfType<PostgresServerResource>().Any())
        {
            Console.Out.WriteLine(
                $"PostgreSQL's data is in {files.OutsideFolder}: "
                + $"its user '{PostgresFiles.ServerUser}' cannot reach the state folder");
        }
    }

    public async Task OutcomeAsync(string? problem, CancellationToken cancellationToken)
    {
        if (problem is not null)
        {
            await Console.Error.WriteLineAsync($"Not all is well: {problem}. See './run ps' and './run logs NAME'.");
        }
        else
        {
            var elapsed = TimeProvider.System.GetElapsedTime(_begin);
            await Console.Out.WriteLineAsync($"All healthy after {elapsed.TotalSeconds:F1} s.");
        }

        foreach (var parameter in builder.Resources.OfType<ParameterResource>())
        {
            var value = await parameter.GetValueAsync(cancellationToken);
            await Console.Out.WriteLineAsync($"  {parameter.Name,-16} {value}");
        }

        foreach (var url in builder.Resources.SelectMany(resource => resource.Annotations.OfType<UrlAnnotation>()))
        {
            var address = await url.Url.GetValueAsync(cancellationToken);
            await Console.Out.WriteLineAsync($"  {url.DisplayText,-16} {address}");
        }

        foreach (var snapshot in stack.Context.Board.Current)
        {
            foreach (var address in snapshot.Addresses.Where(own => IsExternal(snapshot.Resource, own.Name)))
            {
                var path = PathOf(snapshot.Resource, address.Name);
                await Console.Out.WriteLineAsync(
                    $"  {snapshot.Resource.Name,-16} http://localhost:{address.Port}{path}");
            }
        }

        await Console.Out.WriteLineAsync(builder.Command.ReadyFile is null
            ? "Ctrl-C stops everything."
            : "'./run stop' stops everything.");
    }

    public static void Ending() => Console.Out.WriteLine("Stopping ...");

    /// <summary>One line for each replica that ends or fails without having been asked to.</summary>
    public async Task ReportFailuresAsync(CancellationToken cancellationToken)
    {
        var told = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var change in stack.Context.Board.FollowAsync(cancellationToken))
        {
            var snapshot = change.Snapshot;
            var sentence = snapshot.State switch
            {
                KnownResourceStates.FailedToStart => $"{snapshot.Resource.Name} failed to start: {snapshot.Reason}",
                KnownResourceStates.Exited when snapshot.Reason is null =>
                    $"{snapshot.Id} ended with exit code {snapshot.ExitCode}; "
                    + $"its last lines: ./run logs {snapshot.Resource.Name}",
                _ => "",
            };
            if (sentence.Length > 0 && told.GetValueOrDefault(snapshot.Id) != sentence)
            {
                await Console.Error.WriteLineAsync(sentence);
            }

            told[snapshot.Id] = sentence;
        }
    }

    private static string? PathOf(IResource resource, string endpoint) => resource.Annotations
        .OfType<AddressPathAnnotation>().FirstOrDefault(own => own.EndpointName == endpoint)?.Path;

    private static bool IsExternal(IResource resource, string endpoint) =>
        resource.Annotations.OfType<EndpointAnnotation>().Any(own => own.Name == endpoint && own.IsExternal);
}
