using System.Globalization;
using Continuity.Vault.Backup;
using Continuity.Vault.Formats;
using Continuity.Vault.Maintenance;
using Continuity.Vault.Restore;
using Continuity.Vault.Tests.Fixtures;

namespace Continuity.Vault.Tests.Maintenance;

public sealed class ConcurrencyTests
{
    private const int Writers = 3;
    private const int Rounds = 4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ManyWritersAPrunerAndAVerifier_LoseNothing()
    {
        // Replay by CONCURRENCY_SEED; threads interleave as they like, the content and the order of steps don't.
        var seed = Environment.GetEnvironmentVariable("CONCURRENCY_SEED") is { } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : new Random().Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"CONCURRENCY_SEED={seed}");
        using var test = await TestRepository.CreateAsync();
        var writers = Enumerable.Range(0, Writers).Select(writer => WriteAsync(test, writer, seed)).ToArray();
        var writing = Task.WhenAll(writers);

        try
        {
            while (!writing.IsCompleted)
            {
                await PruneOperation.RunAsync(
                    test.Repository, new PruneOptions { Grace = TimeSpan.Zero, MinimumUse = 1 }, Cancellation);
                await VerifyAsync(test);
            }
        }
        finally
        {
            // What failed is told; a folder still written to could not be removed, and that would be told instead.
            await Task.WhenAny(writing);
        }

        var expected = await writing;
        await PruneOperation.RunAsync(
            test.Repository, new PruneOptions { Grace = TimeSpan.Zero, MinimumUse = 1 }, Cancellation);
        Assert.Empty((await VerifyOperation.RunAsync(
            test.Repository, new VerifyOptions { Depth = VerifyDepth.Data }, null, Cancellation)).Problems);
        foreach (var (snapshot, image) in expected)
        {
            var target = Path.Combine(test.Source, $"../restored-{snapshot}");
            await test.RestoreAsync(snapshot.ToString(), new RestoreOptions { Target = target });
            Assert.Equal(image, TreeImage.Of(target));
        }
    }

    // A verifier that reads while packs are deleted may find an old index; what counts is that it doesn't fail.
    private static Task<VerifyResult> VerifyAsync(TestRepository test) =>
        VerifyOperation.RunAsync(test.Repository, new VerifyOptions(), null, Cancellation);

    /// <summary>Backs up changing content that the writers share in part, and forgets all but the newest.</summary>
    private static async Task<(BlobId Snapshot, string Image)> WriteAsync(TestRepository test, int writer, int seed)
    {
        var own = new Random(seed + writer);
        var folder = Directory.CreateDirectory(test.InSource($"writer{writer}")).FullName;
        BlobId last = default;
        for (var round = 0; round < Rounds; round++)
        {
            // The same seed for all writers in a round: they race to store the same chunks.
            File.WriteAllBytes(Path.Combine(folder, "shared"), RandomTree.Content(
                new Random(seed + (round % 2)), 300_000));
            File.WriteAllBytes(Path.Combine(folder, "own"), RandomTree.Content(own, own.Next(1, 600_000)));
            var backup = await test.BackupAsync(new BackupOptions { Roots = [folder], Workers = 1 });
            if (round > 0)
            {
                var plan = await ForgetOperation.PlanAsync(test.Repository, [last.ToString()], Cancellation);
                await ForgetOperation.ExecuteAsync(test.Repository, plan, Cancellation);
            }

            last = backup.Snapshot;
        }

        return (last, TreeImage.Of(folder));
    }
}
