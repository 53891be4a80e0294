using Continuity.Vault.Files;

namespace Continuity.Vault.Tests.Fixtures;

/// <summary>A folder of a test's own, removed at its end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("continuity-vault-").FullName;

    public string Combine(string name) => System.IO.Path.Combine(Path, name);

    public string Make(string name) => Directory.CreateDirectory(Combine(name)).FullName;

    public void Dispose() => FolderTree.Remove(Path);
}
