using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Continuity.Vault.Codecs;
using Continuity.Vault.Tensors;

namespace Continuity.Vault.Tests.Tensors;

/// <summary>Small files of every format that is recognised, with what they hold.</summary>
internal static class SampleFiles
{
    public static IReadOnlyDictionary<string, (byte[] Bytes, TensorRegion[] Regions)> All { get; } =
        new Dictionary<string, (byte[], TensorRegion[])>
        {
            ["safetensors"] = Safetensors(
                """
                {"__metadata__":{"format":"pt"},
                "b":{"dtype":"BF16","shape":[4],"data_offsets":[8,16]},
                "a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
                "c":{"dtype":"I64","shape":[1],"data_offsets":[16,24]}}
                """,
                dataBytes: 24,
                (0, 8, ElementKind.Float32),
                (8, 8, ElementKind.BFloat16)),
            ["gguf"] = Gguf(),
            ["npy"] = Npy("{'descr': '<f2', 'fortran_order': False, 'shape': (8,), }", 16, ElementKind.Float16),
            ["npz"] = Npz(),
            ["pt"] = PyTorch(),
        };

    public static ReadAt Reader(byte[] file) => (offset, destination) =>
    {
        var count = (int)Math.Clamp(file.Length - offset, 0, destination.Length);
        file.AsSpan((int)Math.Min(offset, file.Length), count).CopyTo(destination);
        return count;
    };

    public static (byte[] Bytes, TensorRegion[] Regions) Safetensors(
        string json, int dataBytes, params (int Start, int Length, ElementKind Kind)[] tensors)
    {
        var header = Encoding.UTF8.GetBytes(json);
        var file = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        return (file, Array.ConvertAll(
            tensors, x => new TensorRegion(8 + header.Length + x.Start, x.Length, x.Kind)));
    }

    public static (byte[] Bytes, TensorRegion[] Regions) Npy(string dictionary, int dataBytes, ElementKind kind)
    {
        byte[] header = [0x93, .. "NUMPY"u8, 1, 0, (byte)dictionary.Length, 0, .. Encoding.ASCII.GetBytes(dictionary)];
        return ([.. header, .. new byte[dataBytes]], [new TensorRegion(header.Length, dataBytes, kind)]);
    }

    private static (byte[] Bytes, TensorRegion[] Regions) Gguf()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write(3UL);
        writer.Write(3UL);
        Text("general.alignment");
        writer.Write(4u);
        writer.Write(64u);
        Text("tokenizer.tokens");
        writer.Write(9u);
        writer.Write(8u);
        writer.Write(2UL);
        Text("<s>");
        Text("</s>");
        Text("scores");
        writer.Write(9u);
        writer.Write(6u);
        writer.Write(5UL);
        writer.Write(new byte[20]);
        Tensor("token_embd", 2, [32, 2], 0);
        Tensor("blk.0.attn_norm", 0, [16], 64);
        Tensor("blk.0.ffn_q4_k", 12, [256], 128);
        var data = (stream.Length + 63) / 64 * 64;
        writer.Write(new byte[data - stream.Length + 128 + 144]);
        return (stream.ToArray(),
            [new TensorRegion(data, 36, ElementKind.Q4Blocks), new TensorRegion(data + 64, 64, ElementKind.Float32)]);

        void Text(string text)
        {
            writer.Write((ulong)text.Length);
            writer.Write(Encoding.ASCII.GetBytes(text));
        }

        void Tensor(string name, uint type, ulong[] dimensions, ulong offset)
        {
            Text(name);
            writer.Write((uint)dimensions.Length);
            Array.ForEach(dimensions, writer.Write);
            writer.Write(type);
            writer.Write(offset);
        }
    }

    private static (byte[] Bytes, TensorRegion[] Regions) Npz()
    {
        var one = Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }", 24, ElementKind.Float32);
        var two = Npy("{'descr': '<V2', 'fortran_order': False, 'shape': (6,), }", 12, ElementKind.BFloat16);
        var file = Zip(("one.npy", one.Bytes), ("notes.txt", [1, 2, 3]), ("two.npy", two.Bytes));
        return (file,
            [
                one.Regions[0] with { Offset = PlaceOf(file, one.Bytes) + one.Regions[0].Offset },
                two.Regions[0] with { Offset = PlaceOf(file, two.Bytes) + two.Regions[0].Offset },
            ]);
    }

    private static (byte[] Bytes, TensorRegion[] Regions) PyTorch()
    {
        byte[] first = [.. Enumerable.Range(1, 40).Select(i => (byte)i)];
        byte[] second = [.. Enumerable.Range(101, 20).Select(i => (byte)i)];

        // Two tensors: w of ("storage", torch.FloatStorage, "0", "cpu", 10), v of a BFloat16Storage "1".
        byte[] pickle =
        [
            0x80, 2, .. "}q\u0000(X\u0001\u0000\u0000\u0000wq\u0001"u8,
            .. "ctorch._utils\n_rebuild_tensor_v2\nq\u0002((X\u0007\u0000\u0000\u0000storageq\u0003"u8,
            .. "ctorch\nFloatStorage\nq\u0004X\u0001\u0000\u0000\u00000q\u0005"u8,
            .. "X\u0003\u0000\u0000\u0000cpuq\u0006K\ntq\u0007QtR"u8,
            .. "X\u0001\u0000\u0000\u0000vq\u000Ah\u0002((h\u0003ctorch\nBFloat16Storage\nq\u000B"u8,
            .. "X\u0001\u0000\u0000\u00001q\u000Ch\u0006K\ntQtRu."u8,
        ];
        var file = Zip(
            ("model/data.pkl", pickle), ("model/data/0", first), ("model/data/1", second), ("model/version", [51, 10]));
        return (file,
            [
                new TensorRegion(PlaceOf(file, first), first.Length, ElementKind.Float32),
                new TensorRegion(PlaceOf(file, second), second.Length, ElementKind.BFloat16),
            ]);
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] members)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in members)
            {
                using var member = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                member.Write(content);
            }
        }

        return stream.ToArray();
    }

    private static int PlaceOf(byte[] file, byte[] content) => file.AsSpan().IndexOf(content);
}
