using System.Diagnostics;
using System.Formats.Tar;
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
        Assert.Equal(WithoutRoot(expected), WithoutRoot(TreeImage.Of(test.Target)));
        var snapshot = (await test.Repository.ListSnapshotsAsync(Cancellation))[^1];
        Assert.Equal("/somewhere/model.tar.zst", Assert.Single(snapshot.Roots));
    }

    [Fact]
    public async Task Export_NamesThatAnArchiveCannotHold_AreListed()
    {
        using var test = await TestRepository.CreateAsync();
        RawNames.MakeFolderWithFile(test.Source);
        await test.BackupAsync();

        var (_, problems) = await ExportAsync(test);

        Assert.Equal(2, problems.Count);
        Assert.All(problems, problem => Assert.Contains(@"\xc3", problem, StringComparison.Ordinal));
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

        var start = new ProcessStartInfo("tar", ["--xattrs", "-C", test.Target, "-xpf", "-"])
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

        Assert.Equal(WithoutRoot(TreeImage.Of(test.Source)), WithoutRoot(TreeImage.Of(test.Target)));
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
            [new ExtendedAttribute("user.note"u8.ToArray(), "text"u8.ToArray())]);
        folder.SetMode("weights"u8, 0x1D0);
        // The library that writes archives knows tenths of microseconds.
        foreach (var name in folder.List())
        {
            folder.SetModified(name, 1_700_000_000_123_456_700);
        }

        using var weights = folder.OpenFolder("weights"u8);
        weights.SetModified("model.bin"u8, 1_600_000_000_000_000_100);
        weights.SetModified([], 1_700_000_000_123_456_700);
    }

    // The root itself isn't in the archive.
    private static string WithoutRoot(string image) => image.Split('\n', 2)[1];

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
