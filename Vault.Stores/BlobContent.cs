using System.Runtime.InteropServices;

namespace Continuity.Vault.Stores;

/// <summary>Shows a blob's bytes, or a part of them, to client libraries that read streams.</summary>
internal static class BlobContent
{
    public static MemoryStream AsStream(ReadOnlyMemory<byte> content) =>
        // Buffers of the vault are arrays; anything else is copied.
        MemoryMarshal.TryGetArray(content, out var array) && array.Array is not null
            ? new MemoryStream(array.Array, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);

    public static IEnumerable<(int Index, ReadOnlyMemory<byte> Bytes)> Split(
        ReadOnlyMemory<byte> content, int partBytes)
    {
        for (var index = 0; (long)index * partBytes < content.Length; index++)
        {
            var from = index * partBytes;
            yield return (index, content.Slice(from, Math.Min(partBytes, content.Length - from)));
        }
    }
}
