using Continuity.Vault.Formats;

namespace Continuity.Vault.Archives;

/// <summary>An archive can't be imported: it is damaged, no archive, or would write where it mustn't.</summary>
/// <param name="reason">What is wrong with it.</param>
/// <param name="innerException">The cause, if any.</param>
public sealed class ArchiveException(string reason, Exception? innerException = null)
    : VaultException($"The archive isn't imported: {reason}.", innerException);
