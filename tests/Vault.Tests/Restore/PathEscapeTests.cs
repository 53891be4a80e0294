using System.Text;
using Continuity.Vault.Backup;
using Continuity.Vault.Files;
using Continuity.Vault.Formats;
using Continuity.Vault.Restore;
using Continuity.Vault.Snapshots;
using Continuity.Vault.Tests.Fixtures;

namespace Continuity.Vault.Tests.Restore;

/// <summary>Nothing outside a restore's target is touched, whatever a snapshot says and whatever is in the target.
/// </summary>
public sealed class PathEscapeTests
{
    [Theory]
    [InlineData("../escaped")]
    [InlineData("/escaped")]
    [InlineData("a/../../escaped")]
    [InlineData("a//b")]
    [InlineData("./a")]
    [InlineData("a/.")]
    [InlineData("a\0b")]
    public void ManifestRecord_WithAPathThatLeadsElsewhere_IsRefused(string path)
    {
        var writer = new FormatWriter();
        ManifestRecord.Write(
            writer,
            new ManifestEntry
            {
                Type = EntryType.File,
                Path = Encoding.UTF8.GetBytes(path),
                Stat = new FileStat { RawMode = 0x81A4 },
            },
            []);
        var content = writer.Memory.ToArray();

        Assert.Throws<CorruptBlobException>(() => ManifestRecord.Read(content, "manifest", []));
    }

    [Theory]
    [InlineData("../../outside/kept")]
    [InlineData("/etc/passwd")]
    public void ManifestRecord_WithAHardLinkThatLeadsElsewhere_IsRefused(string target)
    {
        var writer = new FormatWriter();
        ManifestRecord.Write(
            writer,
            new ManifestEntry
            {
                Type = EntryType.HardLink,
                Path = "link"u8.ToArray(),
                Target = Encoding.UTF8.GetBytes(target),
                Stat = new FileStat { RawMode = 0x81A4 },
            },
            []);
        var content = writer.Memory.ToArray();

        Assert.Throws<CorruptBlobException>(() => ManifestRecord.Read(content, "manifest", []));
    }

    [Fact]
    public async Task Restore_IntoATargetWithLinksInTheWay_ReplacesThemAndTouchesNothingBehindThem()
    {
        using var test = await TestRepository.CreateAsync();
        using var outside = new TemporaryFolder();
        Directory.CreateDirectory(test.InSource("folder/below"));
        File.WriteAllText(test.InSource("folder/below/file"), "restored");
        File.WriteAllText(test.InSource("file"), "restored");
        await test.BackupAsync(new BackupOptions { Roots = [test.Source] });
        File.WriteAllText(outside.Combine("file"), "kept");
        Directory.CreateDirectory(outside.Combine("below"));
        File.WriteAllText(outside.Combine("below/file"), "kept");
        Directory.CreateDirectory(test.Target);
        File.CreateSymbolicLink(test.InTarget("folder"), outside.Path);
        File.CreateSymbolicLink(test.InTarget("file"), outside.Combine("file"));
        var expected = TreeImage.Of(outside.Path);

        var restore = await test.RestoreAsync();

        Assert.Empty(restore.Problems);
        Assert.Equal(expected, TreeImage.Of(outside.Path));
        Assert.Equal(TreeImage.Of(test.Source), TreeImage.Of(test.Target));
    }

    [Fact]
    public async Task Restore_OfALinkAndAFileBelowItsName_NeverWritesThroughTheLink()
    {
        using var test = await TestRepository.CreateAsync();
        using var outside = new TemporaryFolder();
        File.CreateSymbolicLink(test.InSource("link"), outside.Path);
        await test.BackupAsync();
        await test.RestoreAsync();
        File.Delete(test.InSource("link"));
        Directory.CreateDirectory(test.InSource("link"));
        File.WriteAllText(test.InSource("link/file"), "inside");
        await test.BackupAsync();

        // The first restore's link is still in the target when the second makes a folder of the same name.
        await test.RestoreAsync(options: new RestoreOptions { Target = test.Target });

        Assert.Empty(Directory.GetFileSystemEntries(outside.Path));
        Assert.Equal("inside", File.ReadAllText(test.InTarget("link/file")));
        Assert.Null(new DirectoryInfo(test.InTarget("link")).LinkTarget);
    }
}
