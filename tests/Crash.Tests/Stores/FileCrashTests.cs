using Continuity.Vault.Files;
using Continuity.Vault.Formats;
using Continuity.Vault.Storage;
using Continuity.Vault.Tests.Storage;

namespace Continuity.Crash.Tests.Stores;

/// <summary>Every step of every file operation of the local store, at every moment of a repository's life, goes wrong
/// in every way that a disk and a dying process know.</summary>
public sealed class FileCrashTests : IDisposable
{
    // Memory where there is some: what is tested is what is in the files, not whether the disk kept it.
    private readonly string _folder = Directory.Exists("/dev/shm")
        ? Directory.CreateDirectory($"/dev/shm/continuity-crash-{Guid.NewGuid():N}").FullName
        : Directory.CreateTempSubdirectory("continuity-crash-").FullName;

    public void Dispose() => FolderTree.Remove(_folder);

    [Theory]
    [InlineData(FileFault.Kill)]
    [InlineData(FileFault.InputOutputError)]
    [InlineData(FileFault.NoSpace)]
    [InlineData(FileFault.ShortWrite)]
    [InlineData(FileFault.TornWrite)]
    public async Task Repository_WithAnyFileStepFailing_LosesNothingCommitted(FileFault fault)
    {
        CrashPoints.SkipOthers(fault);
        var points = 0;
        for (var seed = 0; seed < CrashPoints.Seeds; seed++)
        {
            using var scenario = new CrashScenario(seed);
            var steps = await CrashAsync(scenario, null, 0, seed);
            for (long step = CrashPoints.First(fault); step < steps; step += CrashPoints.Stride)
            {
                await CrashAsync(scenario, fault, step, seed);
                points++;
            }
        }

        CrashPoints.Report($"file, {fault}", points);
    }

    /// <summary>Lives a life in which one step goes wrong, and checks what is left.</summary>
    /// <returns>The steps of the life.</returns>
    private async Task<long> CrashAsync(CrashScenario scenario, FileFault? fault, long step, int seed)
    {
        var root = Path.Combine(_folder, "repository");
        var sound = new LocalBlobStore(root, new LocalBlobStoreOptions { Flush = false }, TimeProvider.System);
        var plan = new FileFaultPlan(fault, step);
        var failing = new LocalBlobStore(
            root, new LocalBlobStoreOptions { BeforeStep = plan.BeforeStep }, TimeProvider.System);
        var acknowledged = new List<BlobId>();
        await scenario.PrepareAsync(sound);
        try
        {
            await scenario.LiveAsync(failing, acknowledged);
        }
        catch (Exception exception)
            when (fault is not null && exception is IOException or ProcessKilledException or OperationCanceledException)
        {
            // The fault, as the caller of the failed step sees it.
        }

        try
        {
            await scenario.CheckAsync(sound, acknowledged);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException(
                $"Seed {seed}, {fault} at step {step}: {exception.Message}", exception);
        }

        FolderTree.Remove(root);
        return plan.Steps;
    }
}
