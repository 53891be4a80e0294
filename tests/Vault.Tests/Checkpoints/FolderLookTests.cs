using Continuity.Vault.Checkpoints;

namespace Continuity.Vault.Tests.Checkpoints;

/// <summary>Folders are looked at side by side; what is found, and in which order, doesn't depend on it.</summary>
public sealed class FolderLookTests : IDisposable
{
    private readonly CheckpointFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Take_ManyFoldersOfSeveralDepths_FindsEachFileOnceInOneOrder()
    {
        const int Seed = 15;
        var random = new Random(Seed);
        for (var number = 0; number < 400; number++)
        {
            var folders = Enumerable.Range(0, random.Next(7)).Select(_ => $"{random.Next(4)}");
            _folder.Write(string.Join('/', [.. folders, $"file-{number}"]), new string('x', random.Next(20)));
        }

        var first = FolderLook.Take(_folder.Path, Cancellation);
        var second = FolderLook.Take(_folder.Path, Cancellation);

        var expected = Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(_folder.Path, file)).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(400, expected.Count);
        Assert.Equal(expected, first.Files.Order(StringComparer.Ordinal));
        Assert.Equal(first.Files, second.Files);
        Assert.All(expected, file => Assert.Equal(new FileInfo(first.PathOf(file)).Length, first.LengthOf(file)));
        Assert.Equal(
            expected.Max(file => File.GetLastWriteTimeUtc(first.PathOf(file))), first.Newest.UtcDateTime);
        Assert.Empty(second.ChangesSince(first));
    }

    [Fact]
    public void ChangesSince_WhereFilesCameAndWent_NamesTheseAlone()
    {
        for (var number = 0; number < 30; number++)
        {
            _folder.Write($"{number % 5}/file-{number:00}", "same");
        }

        var before = FolderLook.Take(_folder.Path, Cancellation);
        _folder.Delete("0/file-00");
        _folder.Delete("4/file-29");
        _folder.Write("2/file-0", "new");
        _folder.Write("3/file-13", "other");

        var changes = FolderLook.Take(_folder.Path, Cancellation).ChangesSince(before);

        Assert.Equal(
            ["0/file-00 vanished", "2/file-0 appeared", "3/file-13 changed", "4/file-29 vanished"],
            changes.Select(change => string.Join(' ', change.ToString().Split(' ').Take(2))).Order());
    }

    [Fact]
    public void Take_Cancelled_Ends()
    {
        _folder.Write("a/1", "1");
        _folder.Write("b/1", "1");

        Assert.ThrowsAny<OperationCanceledException>(
            () => FolderLook.Take(_folder.Path, new CancellationToken(canceled: true)));
    }
}
