namespace Aspire.Hosting.Infrastructure;

internal static class ExecutablePath
{
    /// <summary>The full path of a program, or null when the machine lacks it.</summary>
    /// <param name="program">A name to look up on the PATH, or a path.</param>
    /// <param name="workingDirectory">What a relative path starts from.</param>
    public static string? Find(string program, string workingDirectory = "/")
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            var path = Path.GetFullPath(program, workingDirectory);
            return File.Exists(path) ? path : null;
        }

        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"])
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
    }
}
