using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Continuity.Vault.Archives;
using Continuity.Vault.Backup;
using Continuity.Vault.Files;
using Continuity.Vault.Tests.Fixtures;
using ZstdNet;

namespace Continuity.Vault.Tests.Archives;

/// <summary>Archives that the system's tar makes, in each of its formats.</summary>
public sealed class ForeignArchiveTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--format=gnu", "-S")]
    [InlineData("--format=gnu")]
    [InlineData("--format=oldgnu", "-S")]
    [InlineData("--format=posix", "--sparse-version=0.0")]
    [InlineData("--format=posix", "--sparse-version=0.1")]
    [InlineData("--format=posix", "--sparse-version=1.0", "--xattrs")]
    public async Task Import_BringsWhatTarItselfUnpacks(params string[] options)
    {
        using var test = await TestRepository.CreateAsync();
        MakeTree(test.Source, withLongNames: true);
        var plain = Path.Combine(Path.GetDirectoryName(test.Path)!, "archive.tar");
        await TarAsync([.. options, "-C", test.Source, "-cf", plain, "."]);

        var image = await ImportAndRestoreAsync(test, plain);

        Assert.Equal(await UnpackAsync(test, plain), image);
    }

    [Theory]
    [InlineData("ustar")]
    [InlineData("v7")]
    public async Task Import_OfAnOldFormat_BringsWhatTarItselfUnpacks(string format)
    {
        using var test = await TestRepository.CreateAsync();
        MakeTree(test.Source, withLongNames: false);
        var plain = Path.Combine(Path.GetDirectoryName(test.Path)!, "archive.tar");
        await TarAsync([$"--format={format}", "-C", test.Source, "-cf", plain, "."]);

        var image = await ImportAndRestoreAsync(test, plain);

        Assert.Equal(await UnpackAsync(test, plain), image);
    }

    [Theory]
    [InlineData("--format=oldgnu")]
    [InlineData("--format=posix")]
    public async Task Import_FileWithHoles_KeepsThem(string format)
    {
        using var test = await TestRepository.CreateAsync();
        MakeTree(test.Source, withLongNames: false);
        var plain = Path.Combine(Path.GetDirectoryName(test.Path)!, "archive.tar");
        await TarAsync([format, "-S", "-C", test.Source, "-cf", plain, "."]);

        await ImportAndRestoreAsync(test, plain);

        using var folder = FolderHandle.Open(test.Target);
        var restored = folder.Stat("sparse"u8);
        Assert.Equal(30_000_000, restored.Size);
        Assert.InRange(restored.AllocatedBytes, 1, 3_000_000);
    }

    // Blocks all over an archive with all kinds of headers, damaged in their turn.
    [Fact]
    public async Task Import_DamagedAnywhere_IsRefusedOrAnotherTreeAndNeverCrashes()
    {
        using var test = await TestRepository.CreateAsync();
        MakeTree(test.Source, withLongNames: true);
        var plain = Path.Combine(Path.GetDirectoryName(test.Path)!, "archive.tar");
        await TarAsync(["--format=posix", "-S", "--xattrs", "-C", test.Source, "-cf", plain, "."]);
        var whole = await File.ReadAllBytesAsync(plain, Cancellation);
        var random = new Random(7);
        var refused = 0;
        for (var block = 0; block < whole.Length; block += TarBlock.Bytes * (1 + random.Next(5)))
        {
            var damaged = (byte[])whole.Clone();
            damaged[block + random.Next(TarBlock.Bytes)] ^= (byte)random.Next(1, 256);
            BinaryPrimitives.WriteInt32LittleEndian(damaged.AsSpan(block + random.Next(508)), random.Next());
            using var folder = new TemporaryFolder();
            using var extractor = new ArchiveExtractor(folder.Path);

            var exception = Record.Exception(
                () => extractor.Extract(new MemoryStream(damaged), Cancellation));

            Assert.True(exception is null or ArchiveException or IOException, $"Block {block}: {exception}");
            refused += exception is null ? 0 : 1;
        }

        Assert.True(refused > 5, $"Only {refused} were refused.");
    }

    [Theory]
    [InlineData("9 a=b\n")]
    [InlineData("6 a=bc\n")]
    [InlineData("99999999999999999999 a=b\n")]
    [InlineData("-5 a=b\n")]
    [InlineData("4 =\n")]
    [InlineData("a=b\n")]
    public void PaxRecords_ThatLie_AreRefused(string text) =>
        Assert.Throws<ArchiveException>(() => PaxRecords.Read(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(-1_500_000_000)]
    [InlineData(1_700_000_000_123_456_789)]
    [InlineData(long.MinValue + 1)]
    [InlineData(long.MaxValue)]
    public void PaxRecords_Time_ComesBack(long nanoseconds)
    {
        var records = new PaxRecords();
        records.AddTime("mtime", nanoseconds);

        Assert.Equal(nanoseconds, PaxRecords.Read(records.Write()).FindTime("mtime"));
    }

    private static void MakeTree(string source, bool withLongNames)
    {
        using var root = FolderHandle.Open(source);
        File.WriteAllText(Path.Combine(source, "file"), "content");
        File.WriteAllBytes(Path.Combine(source, "block"), new byte[TarBlock.Bytes]);
        root.MakeHardLink(root, "file"u8, "linked"u8);
        RawNames.MakeFile(root, [0xff, 0xfe, (byte)'x'], "raw"u8);
        File.CreateSymbolicLink(Path.Combine(source, "link"), "nowhere");
        using (var sparse = File.Create(Path.Combine(source, "sparse")))
        {
            sparse.SetLength(30_000_000);
            // More pieces than a header holds, and than a block after it.
            for (var piece = 1; piece <= 40; piece++)
            {
                sparse.Position = piece * 700_000;
                sparse.Write("piece"u8);
            }
        }

        ExtendedAttributes.Write(root, "file"u8, [new ExtendedAttribute("user.binary"u8.ToArray(), [0, 10, 0xff])]);
        if (!withLongNames)
        {
            return;
        }

        var folder = Path.Combine(
            source, string.Join('/', Enumerable.Repeat(new string('d', 90), 4)), new string('e', 101));
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, new string('f', 250)), "long");
        File.CreateSymbolicLink(Path.Combine(source, "long link"), new string('l', 300));
        using var inner = FolderHandle.Open(folder);
        RawNames.MakeFile(inner, [.. Enumerable.Repeat((byte)0xe9, 200)], "long and raw"u8);
    }

    private static async Task<string> ImportAndRestoreAsync(TestRepository test, string plain)
    {
        using var archive = new MemoryStream();
        await using (var compressed = new CompressionStream(archive))
        {
            compressed.Write(await File.ReadAllBytesAsync(plain, Cancellation));
        }

        archive.Position = 0;
        await ArchiveOperation.ImportAsync(
            test.Repository, archive, Path.Combine(Path.GetDirectoryName(test.Path)!, "unpacked"),
            new BackupOptions { Roots = [plain] }, Cancellation);
        await test.RestoreAsync();
        return TreeImage.Of(test.Target);
    }

    private static async Task<string> UnpackAsync(TestRepository test, string plain)
    {
        var folder = Path.Combine(Path.GetDirectoryName(test.Path)!, "by tar");
        Directory.CreateDirectory(folder);
        await TarAsync(["--xattrs", "--xattrs-include=*", "-C", folder, "-xpf", plain]);
        return TreeImage.Of(folder);
    }

    private static async Task TarAsync(string[] arguments)
    {
        using var tar = Process.Start("tar", arguments);
        await tar.WaitForExitAsync(Cancellation);
        Assert.Equal(0, tar.ExitCode);
    }
}
