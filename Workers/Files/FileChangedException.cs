namespace Continuity.Workers.Files;

/// <summary>
/// A file was written while it was read: what was read may be half old and half new, and is thrown away.
/// </summary>
internal sealed class FileChangedException(string path)
    : Exception($"'{path}' changed while it was read.");
