using Continuity.Contracts.ArtefactSets;
using Continuity.Workers.Tests.Files;
using CsCheck;

namespace Continuity.Workers.Tests.Sync;

public sealed class ReplicatorPropertyTests
{
    private const int Iterations = 40;

    [Fact]
    public void Sync_AnyTreeThenAnyOther_CopyEqualsEach() =>
        Gen.Select(FolderTree.Gen, FolderTree.Gen).Sample(
            (before, after) =>
            {
                using var bench = new SyncBench();
                before.Write(bench.Source);
                bench.SyncAsync().GetAwaiter().GetResult();
                AssertEqual(before, bench);

                Directory.Delete(bench.Source, recursive: true);
                after.Write(bench.Source);
                bench.SyncAsync(token: 2).GetAwaiter().GetResult();
                AssertEqual(after, bench);

                var again = bench.SyncAsync(token: 3).GetAwaiter().GetResult();
                Assert.Equal((0, 0), (again.FilesCopied, again.FilesDeleted));
            },
            iter: Iterations,
            threads: 1);

    [Fact]
    public void Sync_AnyTreeOverAnyOtherKeeping_HoldsAllOfTheSource() =>
        Gen.Select(FolderTree.Gen, FolderTree.Gen).Sample(
            (source, extra) =>
            {
                using var bench = new SyncBench();
                source.Write(bench.Source);
                var own = Path.Join(bench.Target, "zz only in the copy");
                extra.Write(own);
                bench.SyncAsync(deletions: DeletionPolicy.Keep).GetAwaiter().GetResult();

                Assert.Equal(extra.ToString(), FolderTree.Read(own).ToString());
                Directory.Delete(own, recursive: true);
                AssertEqual(source, bench);
            },
            iter: Iterations,
            threads: 1);

    private static void AssertEqual(FolderTree expected, SyncBench bench)
    {
        Assert.True(expected.Count > 0);
        Assert.Equal(expected.ToString(), FolderTree.Read(bench.Target).ToString());
    }
}
