using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Continuity.Vault.Checkpoints;
using Continuity.Vault.Tests.Fixtures;

namespace Continuity.Vault.Tests.Checkpoints;

/// <summary>A folder with checkpoints in the making, and a look at it.</summary>
internal sealed class CheckpointFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public void Dispose() => _folder.Dispose();

    public void Write(string name, byte[] content)
    {
        var path = _folder.Combine(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    public void Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    public void Delete(string name) => File.Delete(_folder.Combine(name));

    public void Truncate(string name, int length) => Write(name, File.ReadAllBytes(_folder.Combine(name))[..length]);

    public CheckpointState Inspect(CancellationToken cancellationToken) =>
        CheckpointInspector.Inspect(FolderLook.Take(Path, cancellationToken), cancellationToken);

    /// <summary>A file with tensors of the given lengths, named t0, t1, ... behind a prefix.</summary>
    public static byte[] Safetensors(string prefix, params int[] lengths)
    {
        var offset = 0;
        var tensors = lengths.Select((length, index) =>
            $$"""
            "{{prefix}}{{index}}": {"dtype": "U8", "shape": [{{length}}],
                "data_offsets": [{{offset}}, {{offset += length}}]}
            """);
        var header = $$"""{"__metadata__": {"format": "pt"}, {{string.Join(", ", tensors)}}}""";
        return SafetensorsWith(header, lengths.Sum());
    }

    public static byte[] SafetensorsWith(string header, int dataBytes)
    {
        var bytes = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        Encoding.ASCII.GetBytes(header, bytes.AsSpan(8));
        return bytes;
    }

    /// <summary>An index as TensorFlow writes it: one block of entries, one block that points to it.</summary>
    public static byte[] TensorFlowIndex(int shards, params (int Shard, int Offset, int Size)[] tensors)
    {
        List<(string Key, byte[] Value)> entries =
        [
            (string.Empty, [0x08, .. VarInt(shards)]),
            .. tensors.Select((tensor, index) => ($"tensor{index}", (byte[])[
                0x08, 1, 0x12, 0, 0x18, .. VarInt(
                    tensor.Shard), 0x20, .. VarInt(tensor.Offset), 0x28, .. VarInt(tensor.Size),
                0x35, 1, 2, 3, 4])),
        ];
        var data = Block(entries);
        var filters = Block([]);
        var index = Block([("z", [0, .. VarInt(data.Length - 5)])]);
        byte[] handles =
            [.. VarInt(data.Length), .. VarInt(
                filters.Length - 5), .. VarInt(data.Length + filters.Length), .. VarInt(index.Length - 5)];
        var footer = new byte[48];
        handles.CopyTo(footer, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(footer.AsSpan(40), 0xdb4775248b80fb57);
        return [.. data, .. filters, .. index, .. footer];
    }

    private static byte[] Block(List<(string Key, byte[] Value)> entries)
    {
        var block = new List<byte>();
        foreach (var (key, value) in entries)
        {
            block.AddRange(
                [0, .. VarInt(key.Length), .. VarInt(value.Length), .. Encoding.ASCII.GetBytes(key), .. value]);
        }

        block.AddRange([0, 0, 0, 0, 1, 0, 0, 0, 0]); // One restart at 0, their count, no compression.
        var sum = ~block.Aggregate(uint.MaxValue, BitOperations.Crc32C);
        Span<byte> masked = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(masked, BitOperations.RotateRight(sum, 15) + 0xa282ead8);
        return [.. block, .. masked];
    }

    private static byte[] VarInt(int value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }
}
