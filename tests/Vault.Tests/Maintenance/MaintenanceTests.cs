using Continuity.Vault.Backup;
using Continuity.Vault.Formats;
using Continuity.Vault.Maintenance;
using Continuity.Vault.Repositories;
using Continuity.Vault.Snapshots;
using Continuity.Vault.Storage;
using Continuity.Vault.Tests.Fixtures;

namespace Continuity.Vault.Tests.Maintenance;

public sealed class MaintenanceTests
{
    private static readonly VerifyOptions AllData = new() { Depth = VerifyDepth.Data };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verify_OfASoundRepository_FindsNothing()
    {
        using var test = await TestRepository.CreateAsync();
        new RandomTree(3).MakeIn(test.Source);
        await test.BackupAsync();

        var result = await VerifyOperation.RunAsync(test.Repository, AllData, null, Cancellation);

        Assert.Empty(result.Problems);
        Assert.Equal(1, result.Snapshots);
        Assert.True(result.Chunks > 3);
    }

    [Theory]
    [InlineData("packs")]
    [InlineData("index")]
    [InlineData("snapshots")]
    [InlineData("keys")]
    [InlineData("config")]
    public async Task Verify_WithAnyBitFlipped_NamesTheBlob(string kind)
    {
        using var test = await TestRepository.CreateAsync();
        File.WriteAllBytes(test.InSource("weights"), RandomTree.Content(new Random(1), 300_000));
        File.WriteAllText(test.InSource("notes"), "small");
        await test.BackupAsync();
        var blobs = kind == "config" ? [Path.Combine(test.Path, kind)] : test.Blobs(kind);
        var random = new Random(7);

        foreach (var blob in blobs)
        {
            var sound = await File.ReadAllBytesAsync(blob, Cancellation);
            for (var i = 0; i < 25; i++)
            {
                // The first and last bytes, and some between.
                var position = i < 5 ? i * 16 : i < 10 ? sound.Length - 1 - i : random.Next(sound.Length);
                var broken = (byte[])sound.Clone();
                broken[position] ^= (byte)(1 << random.Next(8));
                await File.WriteAllBytesAsync(blob, broken, Cancellation);

                var named = await NamedByVerifyAsync(test);

                Assert.Contains(Path.GetFileName(blob), named, StringComparison.Ordinal);
            }

            await File.WriteAllBytesAsync(blob, sound, Cancellation);
        }
    }

    [Fact]
    public async Task Verify_WithAPackMissing_SaysWhichFilesAreLost()
    {
        using var test = await TestRepository.CreateAsync();
        File.WriteAllBytes(test.InSource("weights"), RandomTree.Content(new Random(1), 300_000));
        await test.BackupAsync();
        foreach (var pack in test.Blobs("packs").OrderByDescending(pack => new FileInfo(pack).Length).Take(1))
        {
            File.Delete(pack);
        }

        var result = await VerifyOperation.RunAsync(test.Repository, new VerifyOptions(), null, Cancellation);

        Assert.Contains(result.Problems, problem => problem.Sentence.Contains("missing", StringComparison.Ordinal));
        Assert.Contains(result.Affected, path => path.EndsWith(": weights", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verify_InParts_ReadsEveryPackOnce()
    {
        using var test = await TestRepository.CreateAsync();
        for (var i = 0; i < 4; i++)
        {
            File.WriteAllBytes(test.InSource($"weights{i}"), RandomTree.Content(new Random(i), 300_000));
            await test.BackupAsync();
        }

        var whole = await VerifyOperation.RunAsync(test.Repository, AllData, null, Cancellation);
        long chunks = 0;
        for (var part = 1; part <= 3; part++)
        {
            var options = AllData with { Part = part, Parts = 3 };
            chunks += (await VerifyOperation.RunAsync(test.Repository, options, null, Cancellation)).Chunks;
        }

        Assert.Equal(whole.Chunks, chunks);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(30)]
    public void VerifyOfDay_SoManyDaysInARow_AreAllParts(int days)
    {
        var first = new DateTimeOffset(2026, 12, 28, 23, 0, 0, TimeSpan.Zero);

        var parts = Enumerable.Range(0, days).Select(day => VerifyOptions.OfDay(first.AddDays(day), days)).ToList();

        Assert.All(parts, part => Assert.Equal((VerifyDepth.Data, days), (part.Depth, part.Parts)));
        Assert.Equal(Enumerable.Range(1, days), parts.Select(part => part.Part).Order());
    }

    [Fact]
    public async Task Prune_AfterForget_FreesWhatOnlyTheForgottenNeeded()
    {
        using var test = await TestRepository.CreateAsync();
        File.WriteAllBytes(test.InSource("kept"), RandomTree.Content(new Random(1), 400_000));
        File.WriteAllBytes(test.InSource("dropped"), RandomTree.Content(new Random(4), 3_000_000));
        await test.BackupAsync();
        File.Delete(test.InSource("dropped"));
        File.WriteAllText(test.InSource("new"), "new");
        await test.BackupAsync();
        var expected = TreeImage.Of(test.Source);

        var plan = await ForgetOperation.PlanAsync(test.Repository, new RetentionPolicy { Last = 1 }, Cancellation);
        await ForgetOperation.ExecuteAsync(test.Repository, plan, Cancellation);
        var dry = await PruneAsync(test, TimeSpan.Zero, dryRun: true);
        var pruned = await PruneAsync(test, TimeSpan.Zero);
        var again = await PruneAsync(test, TimeSpan.Zero);

        Assert.Single(plan.Forgotten);
        Assert.Equal(0, dry.DeletedPacks);
        Assert.True(pruned.DeletedPacks > 0);
        Assert.Equal(0, again.DeletedPacks);
        Assert.Empty((await VerifyOperation.RunAsync(test.Repository, AllData, null, Cancellation)).Problems);
        await test.RestoreAsync();
        Assert.Equal(expected, TreeImage.Of(test.Target));
    }

    [Fact]
    public async Task Prune_WithinTheGracePeriod_MarksAndDeletesNothing()
    {
        using var test = await TestRepository.CreateAsync();
        await MakeGarbageAsync(test);
        var packs = test.Blobs("packs").Length;

        var first = await PruneAsync(test, TimeSpan.FromHours(1));
        var second = await PruneAsync(test, TimeSpan.FromHours(1));

        Assert.True(first.MarkedPacks > 0);
        Assert.Equal((0, 0), (second.MarkedPacks, second.DeletedPacks));
        Assert.Equal(packs, test.Blobs("packs").Length);
    }

    [Fact]
    public async Task Backup_WhenItsChunksAreMarked_StoresThemAgain()
    {
        using var test = await TestRepository.CreateAsync();
        var content = await MakeGarbageAsync(test);
        await PruneAsync(test, TimeSpan.FromHours(1));
        File.WriteAllBytes(test.InSource("again"), content);

        var backup = await test.BackupAsync();
        await PruneAsync(test, TimeSpan.Zero);

        Assert.True(backup.Statistics.NewRawBytes >= content.Length);
        Assert.Empty((await VerifyOperation.RunAsync(test.Repository, AllData, null, Cancellation)).Problems);
    }

    [Fact]
    public async Task Prune_WhileABackupRuns_WaitsForIt()
    {
        using var test = await TestRepository.CreateAsync();
        await MakeGarbageAsync(test);

        PruneResult during;
        await using (await Session.BeginAsync(
            test.Repository.Store, SessionKind.Write, TimeProvider.System, Cancellation))
        {
            during = await PruneAsync(test, TimeSpan.Zero);
        }

        var after = await PruneAsync(test, TimeSpan.Zero);

        Assert.Equal((0, 1), (during.DeletedPacks, during.WaitsFor));
        Assert.True(after.DeletedPacks > 0);
    }

    [Fact]
    public async Task Prune_WhileAnotherRuns_SaysWho()
    {
        using var test = await TestRepository.CreateAsync();
        await using var other = await Session.BeginAsync(
            test.Repository.Store, SessionKind.Prune, TimeProvider.System, Cancellation);

        var exception = await Assert.ThrowsAsync<PruneRunningException>(() => PruneAsync(test, TimeSpan.Zero));

        Assert.Contains(Environment.MachineName, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_OfPacksInNoIndex_RemovesThem()
    {
        using var test = await TestRepository.CreateAsync();
        File.WriteAllBytes(test.InSource("kept"), RandomTree.Content(new Random(1), 400_000));
        await test.BackupAsync();
        var orphan = BlobId.NewRandom();
        await test.Store.PutAsync(
            BlobNames.Pack(orphan), new byte[4096], PutCondition.None, Cancellation);

        var result = await PruneAsync(test, TimeSpan.Zero);

        Assert.Equal(1, result.DeletedPacks);
        Assert.Null(await test.Store.StatAsync(BlobNames.Pack(orphan), Cancellation));
    }

    [Fact]
    public async Task Prune_WithADamagedIndex_DeletesNothing()
    {
        using var test = await TestRepository.CreateAsync();
        await MakeGarbageAsync(test);
        var index = test.Blobs("index")[0];
        var bytes = await File.ReadAllBytesAsync(index, Cancellation);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(index, bytes, Cancellation);
        var packs = test.Blobs("packs").Length;

        await Assert.ThrowsAsync<CorruptBlobException>(() => PruneAsync(test, TimeSpan.Zero));

        Assert.Equal(packs, test.Blobs("packs").Length);
    }

    [Fact]
    public async Task Browser_ComparesAndFinds()
    {
        using var test = await TestRepository.CreateAsync();
        File.WriteAllText(test.InSource("same"), "same");
        File.WriteAllText(test.InSource("changed"), "before");
        File.WriteAllText(test.InSource("removed"), "removed");
        await test.BackupAsync();
        File.WriteAllText(test.InSource("changed"), "after it");
        File.Delete(test.InSource("removed"));
        Directory.CreateDirectory(test.InSource("sub"));
        File.WriteAllText(test.InSource("sub/added.txt"), "added");
        await test.BackupAsync();

        using var browser = await SnapshotBrowser.OpenAsync(test.Repository, Cancellation);
        var differences = browser.Compare(browser.Snapshots[0], browser.Snapshots[1])
            .Where(difference => difference.Change != SnapshotChange.MetadataChanged)
            .Select(difference => $"{difference.Change} {difference.Path}");
        var found = browser.Find(["*.txt"], _ => true);

        Assert.Equal(["Modified changed", "Removed removed", "Added sub", "Added sub/added.txt"], differences);
        Assert.Equal("sub/added.txt", Assert.Single(found).Entry.Path);
        Assert.Equal(5, browser.List(browser.Find("latest")).Count());
    }

    private static async Task<string> NamedByVerifyAsync(TestRepository test)
    {
        var result = await VerifyOperation.RunAsync(test.Repository, AllData, null, Cancellation);
        return string.Join(' ', result.Problems.Select(problem => problem.BlobName));
    }

    private static async Task<byte[]> MakeGarbageAsync(TestRepository test)
    {
        var content = new byte[900_000];
        new Random(5).NextBytes(content);
        File.WriteAllBytes(test.InSource("garbage"), content);
        var backup = await test.BackupAsync();
        File.Delete(test.InSource("garbage"));
        File.WriteAllText(test.InSource("kept"), "kept");
        await test.BackupAsync(new BackupOptions { Roots = [test.Source], Tags = ["second"] });
        var plan = await ForgetOperation.PlanAsync(test.Repository, [backup.Snapshot.ToString()], Cancellation);
        await ForgetOperation.ExecuteAsync(test.Repository, plan, Cancellation);
        return content;
    }

    private static Task<PruneResult> PruneAsync(TestRepository test, TimeSpan grace, bool dryRun = false) =>
        PruneOperation.RunAsync(test.Repository, new PruneOptions { Grace = grace, DryRun = dryRun }, Cancellation);
}
