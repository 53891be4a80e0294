using System.Diagnostics;
using System.Globalization;
using Continuity.Contracts.ArtefactSets;
using Continuity.SyncPeers;
using Continuity.Workers.Fencing;
using Continuity.Workers.Jobs;
using Continuity.Workers.Sync;
using Microsoft.Extensions.Options;

// Compares a sync with its peer, rsync, on the same folders, in turn, on the same disk. Medians count, and their ratio.
const int Rounds = 5;
if (args is not [var work])
{
    Console.Error.WriteLine("Usage: SyncPeers FOLDER    (empty, on the disk to measure; needs 1.5 GB and rsync)");
    return 2;
}

Corpus[] corpora =
[
    new("many-small", Files: 5000, Bytes: 8 * 1024),
    new("few-large", Files: 4, Bytes: 64 * 1024 * 1024),
];
foreach (var corpus in corpora)
{
    var source = Path.Join(work, corpus.Name);
    corpus.Write(source);
    await SyncAsync(source, Path.Join(work, "warm-up"));
    var times = new Dictionary<string, List<double>>();
    for (var round = 0; round < Rounds; round++)
    {
        var ours = Path.Join(work, "ours");
        var theirs = Path.Join(work, "theirs");
        await MeasureAsync("continuity", () => SyncAsync(source, ours));
        await MeasureAsync("rsync --fsync", () => RsyncAsync("--fsync", source, theirs));
        await MeasureAsync("continuity, nothing changed", () => SyncAsync(source, ours));
        await MeasureAsync("rsync, nothing changed", () => RsyncAsync("--archive", source, theirs));
        Directory.Delete(theirs, recursive: true);
        await MeasureAsync("rsync", () => RsyncAsync("--archive", source, theirs));
        Directory.Delete(ours, recursive: true);
        Directory.Delete(theirs, recursive: true);
    }

    foreach (var (name, seconds) in times)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{corpus.Name,-12} {name,-28} {seconds.Order().ElementAt(Rounds / 2):0.000} s"));
    }

    async Task MeasureAsync(string name, Func<Task> run)
    {
        // What earlier runs left to write must not be paid by this one.
        await RunAsync("sync");
        var clock = Stopwatch.StartNew();
        await run();
        times.TryAdd(name, []);
        times[name].Add(clock.Elapsed.TotalSeconds);
    }
}

return 0;

static Task SyncAsync(string source, string target) =>
    new Replicator(Options.Create(new SyncOptions()), TimeProvider.System).RunAsync(
        new SyncRequest
        {
            Source = source,
            Target = target,
            Token = new FencingToken("benchmark", 1),
            Deletions = DeletionPolicy.Delete,
        },
        new WorkProgress(),
        CancellationToken.None);

static Task RsyncAsync(string option, string source, string target) =>
    RunAsync("rsync", "--archive", option, "--delete", source + "/", target + "/");

static async Task RunAsync(string program, params string[] arguments)
{
    using var process = Process.Start(program, arguments);
    await process.WaitForExitAsync();
    if (process.ExitCode != 0)
    {
        throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
