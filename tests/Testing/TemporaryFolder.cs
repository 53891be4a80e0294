namespace Continuity.Testing;

/// <summary>
/// A folder of its own below the system's temporary folder, removed with all its content on disposal.
/// </summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder(string prefix = "continuity-test-") =>
        Path = Directory.CreateTempSubdirectory(prefix).FullName;

    public string Path { get; }

    /// <summary>The full path of something below the folder.</summary>
    public string Combine(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose()
    {
        // Gone already is as good; anything else that keeps the folder alive is a test's mistake and should be seen.
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
