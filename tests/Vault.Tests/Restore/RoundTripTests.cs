using Continuity.Vault.Restore;
using Continuity.Vault.Tests.Fixtures;
using CsCheck;

namespace Continuity.Vault.Tests.Restore;

public sealed class RoundTripTests
{
    [Fact]
    public async Task Restore_OfAnyTree_BringsBackContentAndMetadata()
    {
        var made = new Dictionary<string, int>();

        await Gen.Int.SampleAsync(
            async seed =>
            {
                using var test = await TestRepository.CreateAsync();
                var tree = new RandomTree(seed);
                tree.MakeIn(test.Source);
                var expected = TreeImage.Of(test.Source);

                var backup = await test.BackupAsync();
                // Past the page cache, through it, and both, whatever the machine's memory would decide.
                var paths = Enum.GetValues<WritePath>();
                var restore = await test.RestoreAsync(
                    options: new RestoreOptions { Target = test.Target, Writes = paths[(uint)seed % paths.Length] });

                Assert.Empty(backup.Unreadable);
                Assert.Empty(restore.Problems);
                Assert.Equal(expected, TreeImage.Of(test.Target));
                foreach (var (kind, count) in tree.Made)
                {
                    made[kind] = made.GetValueOrDefault(kind) + count;
                }
            },
            iter: 8, threads: 1);

        string[] kinds =
        [
            "file", "folder", "link", "hard link", "sparse", "raw name", "raw folder", "fifo", "attribute",
            .. Environment.IsPrivilegedProcess ? ["owner"] : Array.Empty<string>(),
        ];
        Assert.All(kinds, kind => Assert.True(made.GetValueOrDefault(kind) > 0, $"No tree had a {kind}."));
    }

    [Fact]
    public async Task Restore_OverAnotherTree_LeavesExactlyTheSnapshot()
    {
        using var test = await TestRepository.CreateAsync();
        new RandomTree(1).MakeIn(test.Source);
        var expected = TreeImage.Of(test.Source);
        await test.BackupAsync();
        await test.RestoreAsync();
        foreach (var file in Directory.GetFiles(test.Target, "*", SearchOption.AllDirectories))
        {
            if (new FileInfo(file) is { Exists: true, LinkTarget: null, Length: > 10 } info)
            {
                using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write);
                RandomAccess.Write(handle, "changed"u8, info.Length / 2);
            }
        }

        Assert.NotEqual(expected, TreeImage.Of(test.Target));
        var restore = await test.RestoreAsync();

        Assert.Empty(restore.Problems);
        Assert.Equal(expected, TreeImage.Of(test.Target));
    }
}
