using System.Diagnostics;
using Continuity.Contracts.ArtefactSets;
using Continuity.Contracts.Jobs;

namespace Continuity.Demo;

/// <summary>
/// The main job: answers keep coming while a model server and a worker die, and a folder is synchronised, backed up,
/// restored and compared.
/// </summary>
internal sealed class DemoRun(LocalStack stack, string folder, CancellationToken cancellationToken)
{
    private const string Service = "sample-chat";
    private const string Source = "east";
    private const string Target = "west";
    private static readonly TimeSpan CalmLoad = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LoadAfterLastFailure = TimeSpan.FromSeconds(5);

    private readonly string _set = $"demo-{Guid.NewGuid().ToString("N")[..8]}";

    public async Task<DemoReport> RunAsync()
    {
        var gateway = await stack.AddressOfAsync("gateway", cancellationToken);
        using var controlPlane = new ControlPlaneClient(gateway, stack.Key);
        var load = new ChatLoad(gateway, stack.Key, Service);
        using var stopLoad = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = load.RunAsync(stopLoad.Token);

        await Task.Delay(CalmLoad, TimeProvider.System, cancellationToken);
        Console.WriteLine("Killing model-east-1 with -9 ...");
        await stack.KillAsync("model-east-1", cancellationToken);
        var steps = await ProtectAsync(controlPlane);
        await Task.Delay(LoadAfterLastFailure, TimeProvider.System, cancellationToken);

        await stopLoad.CancelAsync();
        await sending;
        return new DemoReport(folder, [.. load.Outcomes], steps);
    }

    private async Task<IReadOnlyList<DemoStep>> ProtectAsync(ControlPlaneClient controlPlane)
    {
        await controlPlane.AddStorageRootAsync(Source, folder, cancellationToken);
        await controlPlane.PutArtefactSetAsync(_set, new PutArtefactSetRequest
        {
            Source = new SitePath { Site = Source, Path = folder },
            Targets = [new SitePath { Site = Target, Path = $"{_set}/copy" }],
            Deletions = DeletionPolicy.Delete,
            Archives = new SitePath { Site = Target, Path = $"{_set}/archives" },
        }, cancellationToken);
        var west = (await controlPlane.GetSiteAsync(Target, cancellationToken)).StorageRoots[0];

        Console.WriteLine("Killing the worker sync-east with -9 ...");
        await stack.KillAsync("sync-east", cancellationToken);
        var sync = await RunJobAsync(controlPlane, $"synchronised from {Source} to {Target}", JobKind.Sync);
        var backup = await RunJobAsync(controlPlane, $"backed up at {Target}", JobKind.Backup);
        var restore = await RunJobAsync(controlPlane, $"restored at {Target}", JobKind.Restore);
        return
        [
            sync with { Differences = Compare(sync, Path.Combine(west, _set, "copy")) },
            backup,
            restore with { Differences = Compare(restore, Path.Combine(west, _set, "restored")) },
        ];
    }

    private IReadOnlyList<string> Compare(DemoStep step, string copy) =>
        step.Problem is null ? FolderComparison.Differences(folder, copy) : [];

    private async Task<DemoStep> RunJobAsync(ControlPlaneClient controlPlane, string what, JobKind kind)
    {
        var started = Stopwatch.GetTimestamp();
        var job = await controlPlane.StartJobAsync(new CreateJobRequest
        {
            Kind = kind,
            ArtefactSet = _set,
            Destination = kind == JobKind.Restore ? new SitePath { Site = Target, Path = $"{_set}/restored" } : null,
        }, cancellationToken);
        job = await controlPlane.WaitForJobAsync(job.Id, cancellationToken);
        return new DemoStep(what, Stopwatch.GetElapsedTime(started))
        {
            Problem = job.State == JobState.Succeeded ? null : job.Error?.Message ?? $"The job is {job.State}.",
        };
    }
}
