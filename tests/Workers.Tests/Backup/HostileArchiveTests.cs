using System.Formats.Tar;
using System.Text;
using Continuity.Contracts.Jobs;
using Continuity.Workers.Jobs;
using ZstdSharp;

namespace Continuity.Workers.Tests.Backup;

/// <summary>Archives that are damaged, or made by somebody who means harm.</summary>
public sealed class HostileArchiveTests : IDisposable
{
    private const string Name = "20260101T000000Z-00000000000000000000000000000000.tar.zst";

    private readonly BackupBench _bench = new();

    [Theory]
    [InlineData("../outside")]
    [InlineData("/tmp/continuity-absolute")]
    [InlineData("folder/../../outside")]
    [InlineData("./dot")]
    [InlineData(".continuity/fence.set")]
    public async Task Restore_PathOutOfTheFolder_IsRefusedByName(string path)
    {
        Make(tar => tar.WriteEntry(File(path, "evil")));

        await AssertRefusedAsync(path);
    }

    [Fact]
    public async Task Restore_FileBelowALink_IsRefused()
    {
        var outside = Directory.CreateDirectory(Path.Join(_bench.Folder, "outside")).FullName;
        Make(tar =>
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "door") { LinkName = outside });
            tar.WriteEntry(File("door/evil", "evil"));
        });

        await AssertRefusedAsync("door/evil");
        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    [Theory]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.CharacterDevice)]
    [InlineData(TarEntryType.Fifo)]
    public async Task Restore_KindThatIsNeverWritten_IsRefused(TarEntryType type)
    {
        Make(tar =>
        {
            var entry = new PaxTarEntry(type, "strange");
            if (type == TarEntryType.HardLink)
            {
                entry.LinkName = "/etc/passwd";
            }

            tar.WriteEntry(entry);
        });

        await AssertRefusedAsync("strange");
    }

    [Fact]
    public async Task Restore_ManifestMissing_IsRefused()
    {
        Make(tar => tar.WriteEntry(File("file", "1")));

        await AssertRefusedAsync("manifest");
    }

    [Fact]
    public async Task Restore_LinkOutOfTheFolder_IsRefused()
    {
        Make(tar =>
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "door") { LinkName = "../.." });
            tar.WriteEntry(File(
                ".continuity/manifest.json",
                """
                {"format":1,"artefactSet":"set","job":"00000000-0000-0000-0000-000000000000",
                 "createdAt":"2026-01-01T00:00:00Z","sha256":"","entries":[]}
                """));
        });

        var failure = await _bench.FailToRestoreAsync();

        Assert.Equal(FailureCodes.PathRefused, failure.Code);
        Assert.Empty(_bench.RestoredNames());
    }

    [Fact]
    public async Task Restore_AnyByteFlippedOrTheEndMissing_IsNoticedAndChangesNothing()
    {
        _bench.Write("folder/file", string.Concat(Enumerable.Range(0, 5000)));
        var outcome = await _bench.BackupAsync();
        var path = _bench.PathOf(outcome);
        var whole = await System.IO.File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var random = Continuity.Testing.Seed.Random();

        for (var round = 0; round < 60; round++)
        {
            var damaged = whole.ToArray();
            var at = random.Next(damaged.Length);
            damaged[at] ^= (byte)(1 << random.Next(8));
            await AssertNoticedAsync(path, round % 3 == 0 ? damaged[..at] : damaged, at);
        }
    }

    public void Dispose() => _bench.Dispose();

    private async Task AssertNoticedAsync(string path, byte[] damaged, int at)
    {
        await System.IO.File.WriteAllBytesAsync(path, damaged, TestContext.Current.CancellationToken);
        var failure = await _bench.FailToRestoreAsync(existing: ExistingFiles.Replace);
        Assert.True(failure.Code == FailureCodes.ArchiveCorrupt, $"Byte {at}: {failure.Code}: {failure.Message}");
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        Assert.Empty(_bench.RestoredNames());
    }

    private async Task AssertRefusedAsync(string named)
    {
        var failure = await _bench.FailToRestoreAsync();

        Assert.Equal(FailureCodes.ArchiveCorrupt, failure.Code);
        Assert.Contains(Name, failure.Message, StringComparison.Ordinal);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Empty(_bench.RestoredNames());
        Assert.False(System.IO.File.Exists(Path.Join(_bench.Folder, "outside")));
    }

    private void Make(Action<TarWriter> write)
    {
        Directory.CreateDirectory(_bench.Archives);
        using var file = System.IO.File.Create(Path.Join(_bench.Archives, Name));
        using var compressed = new CompressionStream(file);
        using var tar = new TarWriter(compressed, TarEntryFormat.Pax);
        write(tar);
    }

    private static PaxTarEntry File(string name, string content) => new(TarEntryType.RegularFile, name)
    {
        DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
    };
}
