namespace Continuity.Testing.Tests;

public sealed class TemporaryFolderTests
{
    [Fact]
    public void Dispose_FolderWithContent_RemovesAllOfIt()
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Combine("a", "b"));
        File.WriteAllText(folder.Combine("a", "b", "file"), "content");

        folder.Dispose();

        Assert.False(Directory.Exists(folder.Path));
    }
}
