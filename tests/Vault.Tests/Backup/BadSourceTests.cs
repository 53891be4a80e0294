using Continuity.Testing;
using Continuity.Vault.Backup;
using Continuity.Vault.Formats;
using Continuity.Vault.Maintenance;
using Continuity.Vault.Repositories;
using Continuity.Vault.Restore;
using Continuity.Vault.Storage;
using Continuity.Vault.Tests.Fixtures;
using Continuity.Vault.Tests.Storage;

namespace Continuity.Vault.Tests.Backup;

/// <summary>Sources that change while they are read, and disks that fill up in the middle.</summary>
public sealed class BadSourceTests
{
    // More than the buffers between the reader and the store hold: the first pack is put in the middle of the file.
    private const int LargeBytes = 90 << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Backup_FileThatGrowsWhileItIsRead_KeepsWhatItWasAndListsIt()
    {
        using var test = await TestRepository.CreateAsync();
        var content = Noise(LargeBytes);
        File.WriteAllBytes(test.InSource("log"), content);

        var backup = await BackupAsync(test, () => File.AppendAllText(test.InSource("log"), "more"));
        await test.RestoreAsync();

        Assert.Contains("'log' changed while it was read", Assert.Single(backup.Unreadable), StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllBytes(test.InTarget("log")));
        Assert.Equal("log", Assert.Single((await test.Repository.ListSnapshotsAsync(Cancellation))[0].Unreadable));
    }

    [Fact]
    public async Task Backup_FileThatShrinksWhileItIsRead_IsListedAndTheRestIsKept()
    {
        using var test = await TestRepository.CreateAsync();
        File.WriteAllBytes(test.InSource("log"), Noise(LargeBytes));
        File.WriteAllText(test.InSource("notes"), "notes");

        var backup = await BackupAsync(test, () =>
        {
            using var file = File.OpenWrite(test.InSource("log"));
            file.SetLength(1000);
        });
        await test.RestoreAsync();

        Assert.Contains("'log' changed while it was read", Assert.Single(backup.Unreadable), StringComparison.Ordinal);
        Assert.Equal("notes", File.ReadAllText(test.InTarget("notes")));
    }

    [Fact]
    public async Task Backup_FilesThatVanishWhileOthersAreRead_AreNotPartOfTheSnapshot()
    {
        using var test = await TestRepository.CreateAsync();
        File.WriteAllBytes(test.InSource("a"), Noise(LargeBytes));
        File.WriteAllText(test.InSource("vanishes"), "vanishes");
        Directory.CreateDirectory(test.InSource("y"));
        File.WriteAllText(test.InSource("y/vanishes"), "vanishes");

        var backup = await BackupAsync(test, () =>
        {
            File.Delete(test.InSource("vanishes"));
            Directory.Delete(test.InSource("y"), recursive: true);
        });
        await test.RestoreAsync();

        Assert.Empty(backup.Unreadable);
        Assert.Equal(["a"], Directory.GetFileSystemEntries(test.Target).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Backup_OntoADiskThatFillsUp_FailsAndLosesNothing()
    {
        using var folder = new TemporaryFolder();
        using var disk = Mount.Small(folder.Combine("disk"), 12 << 20);
        using var secret = TestRepository.Secret();
        await using var store = new LocalBlobStore(folder.Combine("disk/repository"), null, TimeProvider.System);
        var repository = await Repository.InitializeAsync(
            store, secret, new RepositoryOptions(), TimeProvider.System, Cancellation);
        var source = folder.Make("source");
        File.WriteAllBytes(Path.Combine(source, "small"), Noise(2 << 20));
        var options = new BackupOptions { Roots = [source] };
        await BackupOperation.RunAsync(repository, options, null, Cancellation);
        var expected = TreeImage.Of(source);
        File.WriteAllBytes(Path.Combine(source, "large"), Noise(40 << 20));

        var exception = await Assert.ThrowsAsync<StoreFullException>(
            () => BackupOperation.RunAsync(repository, options, null, Cancellation));
        File.Delete(Path.Combine(source, "large"));
        File.WriteAllText(Path.Combine(source, "new"), "new");
        await BackupOperation.RunAsync(repository, options, null, Cancellation);
        var first = (await repository.ListSnapshotsAsync(Cancellation))[0];
        await RestoreOperation.RunAsync(
            repository, first.Id.ToString(), new RestoreOptions { Target = folder.Combine("target") }, null,
            Cancellation);
        var verified = await VerifyOperation.RunAsync(
            repository, new VerifyOptions { Depth = VerifyDepth.Data }, null, Cancellation);

        Assert.Contains("free some space", exception.Message, StringComparison.Ordinal);
        Assert.Equal(WithoutRoot(expected), WithoutRoot(TreeImage.Of(folder.Combine("target"))));
        Assert.Empty(verified.Problems);
    }

    [Fact]
    public async Task Restore_OntoADiskThatFillsUp_SaysSoAndLeavesTheAtomicTargetAsItWas()
    {
        using var test = await TestRepository.CreateAsync();
        File.WriteAllBytes(test.InSource("weights"), Noise(20 << 20));
        await test.BackupAsync();
        using var folder = new TemporaryFolder();
        using var disk = Mount.Small(folder.Combine("disk"), 4 << 20);
        var target = folder.Combine("disk/model");
        Directory.CreateDirectory(target);
        File.WriteAllText(Path.Combine(target, "old"), "old");

        var exception = await Record.ExceptionAsync(
            () => test.RestoreAsync(options: new RestoreOptions { Target = target, Atomic = true }));

        Assert.Contains("space", Assert.IsAssignableFrom<IOException>(exception).Message, StringComparison.Ordinal);
        Assert.Equal(["old"], Directory.GetFileSystemEntries(target).Select(Path.GetFileName));
    }

    private static Task<BackupResult> BackupAsync(TestRepository test, Action meanwhile) => BackupOperation.RunAsync(
        test.Repository.Through(new ActingBlobStore(test.Store, BlobNames.Packs, meanwhile)),
        new BackupOptions { Roots = [test.Source] }, null, Cancellation);

    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(length).NextBytes(noise);
        return noise;
    }

    private static string WithoutRoot(string image) => image.Split('\n', 2)[1];
}
