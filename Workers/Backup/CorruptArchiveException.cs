namespace Continuity.Workers.Backup;

/// <summary>An archive is not what was written: nothing of it is put in place.</summary>
internal sealed class CorruptArchiveException(
    string archive, string where, string reason, Exception? innerException = null)
    : Exception($"The archive '{archive}' is damaged {where}: {reason}", innerException);
