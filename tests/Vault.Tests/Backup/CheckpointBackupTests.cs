using Continuity.Vault.Backup;
using Continuity.Vault.Checkpoints;
using Continuity.Vault.Repositories;
using Continuity.Vault.Tests.Fixtures;

namespace Continuity.Vault.Tests.Backup;

/// <summary>A snapshot says `complete` only of what was whole and kept still while it was read.</summary>
public sealed class CheckpointBackupTests
{
    private static readonly CheckpointPolicy Fail = new() { Settle = TimeSpan.Zero };
    private static readonly CheckpointPolicy Check = Fail with { AllowChanges = true };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Backup_WholeFolder_SaysComplete()
    {
        using var test = await TestRepository.CreateAsync();
        File.WriteAllText(test.InSource("notes"), "notes");

        var backup = await BackupAsync(test, Fail, null);
        var unasked = await test.BackupAsync();

        Assert.Equal("complete", backup.Consistency);
        Assert.Equal("unchecked", unasked.Consistency);
        Assert.Equal(
            ["complete", "unchecked"],
            (await test.Repository.ListSnapshotsAsync(Cancellation)).Select(snapshot => snapshot.Consistency));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Backup_IndexWithoutItsShard_MakesNoSnapshot(bool allowChanges)
    {
        using var test = await TestRepository.CreateAsync();
        WriteIndex(test);

        var exception = await Assert.ThrowsAsync<IncompleteCheckpointException>(
            () => BackupAsync(test, allowChanges ? Check : Fail, null));

        Assert.EndsWith("model-00001-of-00001.safetensors", Assert.Single(exception.Problems).File);
        Assert.Empty(await test.Repository.ListSnapshotsAsync(Cancellation));
        Assert.Empty(test.Blobs("sessions"));
    }

    [Fact]
    public async Task Backup_ExcludedHalfOfACheckpoint_IsNobodysBusiness()
    {
        using var test = await TestRepository.CreateAsync();
        WriteIndex(test);
        File.WriteAllText(test.InSource("notes"), "notes");

        var options = new BackupOptions
        {
            Roots = [test.Source], Checkpoints = Fail, Exclude = ["*.index.json"],
        };

        Assert.Equal("complete", (await test.BackupAsync(options)).Consistency);
    }

    [Theory]
    [InlineData("notes", false)]
    [InlineData("model.safetensors", false)]
    [InlineData("model.safetensors", true)]
    public async Task Backup_FileThatGrowsMeanwhile_MakesNoSnapshot(string name, bool allowChanges)
    {
        using var test = await TestRepository.CreateAsync();
        File.WriteAllBytes(test.InSource(name), TensorBytes());

        var exception = await Assert.ThrowsAsync<IncompleteCheckpointException>(() => BackupAsync(
            test, allowChanges ? Check : Fail, () => File.AppendAllText(test.InSource(name), "more")));

        Assert.Contains(exception.Problems, problem => problem.File == test.InSource(name));
        Assert.Empty(await test.Repository.ListSnapshotsAsync(Cancellation));
    }

    [Fact]
    public async Task Backup_PlainFileThatGrowsMeanwhile_IsToldWhereChangesAreAllowed()
    {
        using var test = await TestRepository.CreateAsync();
        File.WriteAllText(test.InSource("log"), "begin");

        var backup = await BackupAsync(test, Check, () => File.AppendAllText(test.InSource("log"), "more"));

        Assert.Contains("log changed between two looks", backup.Consistency, StringComparison.Ordinal);
        var snapshot = Assert.Single(await test.Repository.ListSnapshotsAsync(Cancellation));
        Assert.Equal(backup.Consistency, snapshot.Consistency);
    }

    [Fact]
    public async Task Backup_WaitingForAWriter_TakesWhatItLeaves()
    {
        using var test = await TestRepository.CreateAsync();
        File.WriteAllText(test.InSource("file"), "first");
        var policy = new CheckpointPolicy { Settle = TimeSpan.FromMilliseconds(20), Wait = TimeSpan.FromMinutes(1) };

        // The writer writes once more while the backup reads; the second reading finds it at rest.
        var backup = await BackupAsync(test, policy, () => File.WriteAllText(test.InSource("file"), "the last word"));
        await test.RestoreAsync();

        Assert.Equal("complete", backup.Consistency);
        Assert.Equal("the last word", await File.ReadAllTextAsync(test.InTarget("file"), Cancellation));
        Assert.Single(await test.Repository.ListSnapshotsAsync(Cancellation));
    }

    [Fact]
    public async Task Backup_FolderWhoseNameIsNoText_IsStillLookedAt()
    {
        using var test = await TestRepository.CreateAsync();
        RawNames.MakeFolderWithFile(test.Source);

        var backup = await BackupAsync(test, Fail, null);
        await test.RestoreAsync();

        Assert.Equal((1, "complete"), (backup.Statistics.Files, backup.Consistency));
        Assert.Equal(TreeImage.Of(test.Source), TreeImage.Of(test.Target));
    }

    [Fact]
    public async Task DryRun_OfANewFile_TellsWhatABackupStoresAndWritesNothing()
    {
        using var test = await TestRepository.CreateAsync();
        File.WriteAllBytes(test.InSource("weights"), RandomTree.Content(new Random(2), 900_000));
        var before = TreeImage.Of(test.Path);

        var dry = await test.BackupAsync(new BackupOptions { Roots = [test.Source], DryRun = true });
        var after = TreeImage.Of(test.Path);
        var real = await test.BackupAsync();
        var unchanged = await test.BackupAsync(new BackupOptions { Roots = [test.Source], DryRun = true });

        Assert.Equal(before, after);
        Assert.True(dry.Statistics.NewRawBytes > 900_000);
        Assert.Equal(dry.Statistics.NewRawBytes, real.Statistics.NewRawBytes);
        Assert.Equal(0, unchanged.Statistics.NewRawBytes);
    }

    /// <summary>Backs up, and does something between the two looks: when the first file was found, and isn't read
    /// yet.</summary>
    private static async Task<BackupResult> BackupAsync(TestRepository test, CheckpointPolicy policy, Action? meanwhile)
    {
        using var secret = TestRepository.Secret();
        var repository = await Repository.OpenAsync(test.Store, secret, new HurryingTime(), Cancellation);
        return await BackupOperation.RunAsync(
            repository,
            new BackupOptions { Roots = [test.Source], Checkpoints = policy },
            meanwhile is null ? null : new ActingProgress(meanwhile),
            Cancellation);
    }

    private static void WriteIndex(TestRepository test) => File.WriteAllText(
        test.InSource("model.safetensors.index.json"), """{"weight_map": {"a": "model-00001-of-00001.safetensors"}}""");

    private static byte[] TensorBytes()
    {
        var header = """{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}"""u8;
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[8]];
    }

    /// <summary>A clock on which a second passes between any two looks at it: progress is told at once.</summary>
    private sealed class HurryingTime : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Increment(ref _seconds);
    }

    private sealed class ActingProgress(Action action) : IProgress<BackupProgress>
    {
        private bool _acted;

        public void Report(BackupProgress value)
        {
            if (value.Files > 0 && !_acted)
            {
                _acted = true;
                action();
            }
        }
    }
}
