namespace Continuity.Cli.Vault;

/// <summary>Adds up files' lengths, so that the time left can be told; a guess that nothing depends on.</summary>
internal static class SourceSize
{
    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true,
    };

    /// <summary>Returns the bytes, or null if it was stopped or something vanished meanwhile.</summary>
    public static long? Measure(IEnumerable<string> roots, CancellationToken cancellationToken)
    {
        var bytes = 0L;
        try
        {
            foreach (var root in roots)
            {
                foreach (var file in FilesOf(root))
                {
                    if (cancellationToken.IsCancellationRequested)
                    {
                        return null;
                    }

                    bytes += file.Length;
                }
            }

            return bytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static IEnumerable<FileInfo> FilesOf(string root) => File.Exists(root)
        ? [new FileInfo(root)]
        : new DirectoryInfo(root).EnumerateFiles("*", Everything);
}
