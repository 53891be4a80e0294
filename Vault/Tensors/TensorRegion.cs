using Continuity.Vault.Codecs;

namespace Continuity.Vault.Tensors;

/// <summary>A stretch of a file that holds numbers of one kind.</summary>
/// <param name="Offset">First byte in the file; the first number starts here.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Kind">What the numbers are.</param>
public readonly record struct TensorRegion(long Offset, long Length, ElementKind Kind);
