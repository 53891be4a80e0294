namespace Continuity.Vault.Tensors;

/// <summary>A stored member of a zip archive.</summary>
/// <param name="Name">Its name; bytes beyond ASCII as Latin-1.</param>
/// <param name="Offset">The place of its first byte in the archive.</param>
/// <param name="Length">Its length in bytes.</param>
internal sealed record ZipMember(string Name, long Offset, long Length);
