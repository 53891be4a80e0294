using System.Diagnostics;
using System.Formats.Tar;
using System.Net.Sockets;
using System.Text;
using Continuity.Vault.Archives;
using Continuity.Vault.Backup;
using Continuity.Vault.Files;
using Continuity.Vault.Tests.Fixtures;
using ZstdNet;

namespace Continuity.Vault.Tests.Archives;

public sealed class ArchiveTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ExportThenImport_BringsTheTreeBack()
    {
        using var test = await TestRepository.CreateAsync();
        MakeTree(test);
        var expected = TreeImage.Of(test.Source);
        await test.BackupAsync();

        var (archive, problems) = await ExportAsync(test);
        var imported = await ImportAsync(test, archive);
        await test.RestoreAsync(imported.Snapshot.ToString());

        Assert.Empty(problems);
        Assert.Equal(expected, TreeImage.Of(test.Target));
        var snapshot = (await test.Repository.ListSnapshotsAsync(Cancellation))[^1];
        Assert.Equal("/somewhere/model.tar.zst", Assert.Single(snapshot.Roots));
    }

    [Fact]
    public async Task Export_Socket_IsListed()
    {
        using var test = await TestRepository.CreateAsync();
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(new UnixDomainSocketEndPoint(test.InSource("socket")));
            await test.BackupAsync();
        }

        var (_, problems) = await ExportAsync(test);

        Assert.Equal("'socket' can't be in an archive: it is a socket.", Assert.Single(problems));
    }

    [Fact]
    public async Task Export_ReadBySystemTar_IsTheSameTree()
    {
        using var test = await TestRepository.CreateAsync();
        MakeTree(test);
        await test.BackupAsync();
        var (archive, _) = await ExportAsync(test);
        using var plain = new DecompressionStream(new MemoryStream(archive));
        Directory.CreateDirectory(test.Target);

        var start = new ProcessStartInfo("tar", ["--xattrs", "--xattrs-include=*", "-C", test.Target, "-xpf", "-"])
        {
            RedirectStandardInput = true,
        };
        using (var tar = Process.Start(start)!)
        {
            await plain.CopyToAsync(tar.StandardInput.BaseStream, Cancellation);
            tar.StandardInput.Close();
            await tar.WaitForExitAsync(Cancellation);
            Assert.Equal(0, tar.ExitCode);
        }

        Assert.Equal(TreeImage.Of(test.Source), TreeImage.Of(test.Target));
    }

    [Theory]
    [InlineData("../escaped", null)]
    [InlineData("/tmp/escaped", null)]
    [InlineData("a/../../escaped", null)]
    [InlineData("link/escaped", "link")]
    public async Task Import_EntryThatLeavesTheFolder_IsRefusedOrStaysInside(string name, string? link)
    {
        using var test = await TestRepository.CreateAsync();
        using var outside = new TemporaryFolder();
        var archive = MakeArchive(writer =>
        {
            if (link is not null)
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, link) { LinkName = outside.Path });
            }

            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = new MemoryStream("escaped"u8.ToArray()),
            });
        });

        var imported = await Record.ExceptionAsync(() => ImportAsync(test, archive));

        Assert.True(imported is ArchiveException || link is not null, $"{imported}");
        Assert.Empty(Directory.GetFileSystemEntries(outside.Path));
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(test.Path)!, "escaped")));
        Assert.False(File.Exists("/tmp/escaped"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(3000)]
    public async Task Import_ArchiveThatIsCutOff_SaysSoAndMakesNoSnapshot(int length)
    {
        using var test = await TestRepository.CreateAsync();
        var content = new byte[5000];
        new Random(1).NextBytes(content);
        var archive = MakeArchive(writer => writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "a")
        {
            DataStream = new MemoryStream(content),
        }));

        await Assert.ThrowsAsync<ArchiveException>(() => ImportAsync(test, archive[..length]));

        Assert.Empty(await test.Repository.ListSnapshotsAsync(Cancellation));
    }

    [Fact]
    public async Task Import_OfNoArchive_SaysSo()
    {
        using var test = await TestRepository.CreateAsync();

        await Assert.ThrowsAsync<ArchiveException>(
            () => ImportAsync(test, Encoding.ASCII.GetBytes(new string('x', 1000))));
    }

    private static void MakeTree(TestRepository test)
    {
        Directory.CreateDirectory(test.InSource("weights"));
        File.WriteAllBytes(test.InSource("weights/model.bin"), RandomTree.Content(new Random(2), 3_000_000));
        File.WriteAllText(test.InSource("notes ü.txt"), "notes");
        File.CreateSymbolicLink(test.InSource("link"), "notes ü.txt");
        File.CreateSymbolicLink(test.InSource("nowhere"), "/nowhere at all");
        using var folder = FolderHandle.Open(test.Source);
        folder.MakeHardLink(folder, FilePath.FromText("notes ü.txt"), "second name"u8);
        ExtendedAttributes.Write(
            folder, FilePath.FromText("notes ü.txt"),
            [
                new ExtendedAttribute("user.note"u8.ToArray(), "text"u8.ToArray()),
                new ExtendedAttribute("user.of=50%"u8.ToArray(), [0, (byte)'\n', 0xff, 1]),
            ]);
        folder.SetMode("weights"u8, 0x1D0);
        RawNames.MakeFolderWithFile(test.Source);
        RawNames.MakeFile(folder, [.. Enumerable.Repeat((byte)0xe9, 200)], "long"u8);
        using (var sparse = File.Create(test.InSource("sparse")))
        {
            sparse.SetLength(20_000_000);
            sparse.Position = 9_000_000;
            sparse.Write("in the middle"u8);
        }

        foreach (var name in folder.List())
        {
            folder.SetModified(name, 1_700_000_000_123_456_789);
        }

        using var weights = folder.OpenFolder("weights"u8);
        weights.SetModified("model.bin"u8, 1_600_000_000_000_000_000);
        weights.SetModified([], -1_700_000_000_123_456_789);
        folder.SetModified([], 1);
    }

    private static byte[] MakeArchive(Action<TarWriter> write)
    {
        using var archive = new MemoryStream();
        using (var compressed = new CompressionStream(archive))
        using (var tar = new TarWriter(compressed))
        {
            write(tar);
        }

        return archive.ToArray();
    }

    private static async Task<(byte[] Archive, IReadOnlyList<string> Problems)> ExportAsync(TestRepository test)
    {
        using var archive = new MemoryStream();
        var problems = await ArchiveOperation.ExportAsync(test.Repository, "latest", archive, Cancellation);
        return (archive.ToArray(), problems);
    }

    private static Task<BackupResult> ImportAsync(TestRepository test, byte[] archive) => ArchiveOperation.ImportAsync(
        test.Repository, new MemoryStream(archive), Path.Combine(Path.GetDirectoryName(test.Path)!, "unpacked"),
        new BackupOptions { Roots = ["/somewhere/model.tar.zst"] }, Cancellation);
}
