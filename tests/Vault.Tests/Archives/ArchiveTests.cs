using Continuity.Vault.Archives;
using Continuity.Vault.Backup;
using Continuity.Vault.Tests.Fixtures;

namespace Continuity.Vault.Tests.Archives;

public sealed class ArchiveTests
{
    [Fact]
    public async Task ExportThenImport_BringsContentBack()
    {
        using var test = await TestRepository.CreateAsync();
        Directory.CreateDirectory(test.InSource("weights"));
        var content = RandomTree.Content(new Random(2), 3_000_000);
        File.WriteAllBytes(test.InSource("weights/model.bin"), content);
        File.WriteAllText(test.InSource("notes.txt"), "notes");
        File.CreateSymbolicLink(test.InSource("link"), "notes.txt");
        await test.BackupAsync();
        using var archive = new MemoryStream();

        var problems = await ArchiveOperation.ExportAsync(
            test.Repository, "latest", archive, TestRepository.Cancellation);
        using var written = new MemoryStream(archive.ToArray());
        var folder = Path.Combine(Path.GetDirectoryName(test.Path)!, "imported");
        await ArchiveOperation.ImportAsync(
            test.Repository, written, folder, new BackupOptions { Roots = [] }, TestRepository.Cancellation);
        await test.RestoreAsync();

        Assert.Empty(problems);
        Assert.Equal(content, File.ReadAllBytes(test.InTarget("weights/model.bin")));
        Assert.Equal("notes", File.ReadAllText(test.InTarget("link")));
    }
}
