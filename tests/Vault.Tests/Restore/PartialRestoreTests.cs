using Continuity.Vault.Files;
using Continuity.Vault.Restore;
using Continuity.Vault.Tests.Fixtures;

namespace Continuity.Vault.Tests.Restore;

public sealed class PartialRestoreTests
{
    private const int LargeBytes = 3_000_000;

    [Theory]
    [InlineData(5)]
    [InlineData(LargeBytes)]
    public async Task Restore_LinksWithoutTheirFile_ShareTheFilesContent(int length)
    {
        using var test = await TestRepository.CreateAsync();
        var content = MakeLinkedFile(test, length);
        await test.BackupAsync();
        // What lies where the file would be is another one's, and no link may be made to it.
        Directory.CreateDirectory(test.Target);
        await File.WriteAllTextAsync(test.InTarget("a"), "other", TestRepository.Cancellation);

        var restored = await test.RestoreAsync(options: Only(test, "links"));

        Assert.Empty(restored.Problems);
        Assert.Equal(1, restored.Files);
        Assert.Equal(content, await File.ReadAllBytesAsync(test.InTarget("links/b"), TestRepository.Cancellation));
        Assert.Equal("other", await File.ReadAllTextAsync(test.InTarget("a"), TestRepository.Cancellation));
        using var folder = FolderHandle.Open(test.InTarget("links"));
        Assert.Equal((2, folder.Stat("b"u8).Inode), (folder.Stat("c"u8).Links, folder.Stat("c"u8).Inode));
    }

    [Fact]
    public async Task Restore_LinkWhoseFileIsExcluded_IsAFile()
    {
        using var test = await TestRepository.CreateAsync();
        var content = MakeLinkedFile(test, LargeBytes);
        await test.BackupAsync();

        var restored = await test.RestoreAsync(
            options: new RestoreOptions { Target = test.Target, Exclude = ["/a", "b"] });

        Assert.Empty(restored.Problems);
        Assert.Equal(content, await File.ReadAllBytesAsync(test.InTarget("links/c"), TestRepository.Cancellation));
        Assert.False(File.Exists(test.InTarget("a")));
        Assert.False(File.Exists(test.InTarget("links/b")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Restore_PatternThatMatchesNothing_IsNamed(bool atomic)
    {
        using var test = await TestRepository.CreateAsync();
        MakeLinkedFile(test, 5);
        await test.BackupAsync();
        Directory.CreateDirectory(test.Target);
        await File.WriteAllTextAsync(test.InTarget("mine"), "mine", TestRepository.Cancellation);

        var restored = await test.RestoreAsync(
            options: Only(test, "a", "mistyped") with { Atomic = atomic });

        Assert.Equal("Nothing in the snapshot matches 'mistyped'.", Assert.Single(restored.Problems));
        Assert.Equal("mine", await File.ReadAllTextAsync(test.InTarget("mine"), TestRepository.Cancellation));
        Assert.Equal(!atomic, File.Exists(test.InTarget("a")));
    }

    private static RestoreOptions Only(TestRepository test, params string[] paths) =>
        new() { Target = test.Target, Include = paths };

    // The file, and two links to it in a folder that comes after it.
    private static byte[] MakeLinkedFile(TestRepository test, int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        File.WriteAllBytes(test.InSource("a"), content);
        Directory.CreateDirectory(test.InSource("links"));
        using var root = FolderHandle.Open(test.Source);
        using var links = FolderHandle.Open(test.InSource("links"));
        links.MakeHardLink(root, "a"u8, "b"u8);
        links.MakeHardLink(root, "a"u8, "c"u8);
        return content;
    }
}
