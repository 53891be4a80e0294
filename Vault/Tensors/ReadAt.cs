namespace Continuity.Vault.Tensors;

/// <summary>
/// Reads bytes of a file from a place on, as
/// <see cref="RandomAccess.Read(Microsoft.Win32.SafeHandles.SafeFileHandle, Span{byte}, long)"/> does.
/// </summary>
/// <param name="offset">The first byte to read.</param>
/// <param name="destination">Takes the bytes.</param>
/// <returns>The number of bytes read; 0 at the end of the file.</returns>
public delegate int ReadAt(long offset, Span<byte> destination);
