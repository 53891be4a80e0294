using Continuity.Vault.Backup;
using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Maintenance;
using Continuity.Vault.Repositories;
using Continuity.Vault.Tests.Fixtures;

namespace Continuity.Vault.Tests.Maintenance;

public sealed class CopyAndKeyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Copy_IntoAnotherRepository_RestoresTheSame()
    {
        using var source = await TestRepository.CreateAsync();
        using var target = await TestRepository.CreateAsync();
        new RandomTree(11).MakeIn(source.Source);
        await source.BackupAsync();
        var expected = TreeImage.Of(source.Source);

        var first = await CopyOperation.RunAsync(source.Repository, target.Repository, [], null, Cancellation);
        var second = await CopyOperation.RunAsync(
            source.Repository, target.Repository, ["latest"], null, Cancellation);
        await target.RestoreAsync();

        Assert.Single(first.Snapshots);
        Assert.True(first.Chunks > 0);
        Assert.Equal(0, second.Chunks);
        Assert.Empty(second.Snapshots);
        Assert.Single(second.Present);
        Assert.Single(await target.Repository.ListSnapshotsAsync(Cancellation));
        Assert.Equal(expected, TreeImage.Of(target.Target));
    }

    [Fact]
    public async Task Key_AddedAndChanged_OpensAndTheRemovedOneDoesNot()
    {
        using var test = await TestRepository.CreateAsync();
        using var first = TestRepository.Secret();
        using var second = KeySecret.FromPassphrase("correct horse battery staple");
        var old = Assert.Single(await test.Repository.ListKeysAsync(Cancellation));

        await test.Repository.AddKeyAsync(KeyKind.Full, "second", second, Cancellation);
        var removed = await test.Repository.RemoveKeyAsync(old.Id, Cancellation);
        var reopened = await Repository.OpenAsync(test.Store, second, TimeProvider.System, Cancellation);

        Assert.True(removed);
        Assert.True(reopened.CanRead);
        await Assert.ThrowsAsync<WrongKeyException>(
            () => Repository.OpenAsync(test.Store, first, TimeProvider.System, Cancellation));
        var last = Assert.Single(await reopened.ListKeysAsync(Cancellation));
        Assert.False(await reopened.RemoveKeyAsync(last.Id, Cancellation));
    }

    [Fact]
    public async Task WriterKey_BacksUpAndCannotRead()
    {
        using var test = await TestRepository.CreateAsync();
        new RandomTree(13).MakeIn(test.Source);
        var expected = TreeImage.Of(test.Source);
        using var secret = KeySecret.FromKeyFile("a writer's key file of 32 bytes or more"u8);
        await test.Repository.AddKeyAsync(KeyKind.Writer, "worker", secret, Cancellation);

        var writer = await Repository.OpenAsync(test.Store, secret, TimeProvider.System, Cancellation);
        await BackupOperation.RunAsync(
            writer, new BackupOptions { Roots = [test.Source] }, null, Cancellation);
        await test.RestoreAsync();

        Assert.False(writer.CanRead);
        await Assert.ThrowsAsync<WriterKeyException>(() => writer.ListSnapshotsAsync(Cancellation));
        Assert.Equal(expected, TreeImage.Of(test.Target));
    }

    [Fact]
    public async Task Initialize_WhereARepositoryIs_IsRefused()
    {
        using var test = await TestRepository.CreateAsync();
        using var secret = TestRepository.Secret();

        await Assert.ThrowsAsync<RepositoryExistsException>(() => Repository.InitializeAsync(
            test.Store, secret, new RepositoryOptions(), TimeProvider.System, Cancellation));
    }
}
