namespace Continuity.Vault.Stores.Tests.Servers;

/// <summary>Where the shared libraries of unpacked Debian packages are.</summary>
internal static class DebianLibraries
{
    public static string Of(string debian)
    {
        var libraries = Path.Combine(debian, "usr", "lib");
        return Directory.Exists(libraries)
            ? string.Join(':', Directory.EnumerateDirectories(libraries, "*-linux-gnu*"))
            : string.Empty;
    }
}
