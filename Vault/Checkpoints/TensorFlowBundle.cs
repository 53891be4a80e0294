namespace Continuity.Vault.Checkpoints;

/// <summary>What the index of a TensorFlow checkpoint says about its shards (tensor_bundle.proto).</summary>
internal sealed class TensorFlowBundle
{
    private const int MaxShards = 100_000;

    private readonly Dictionary<int, long> _ends = [];

    public int ShardCount { get; private init; }

    public long EndOf(int shard) => _ends.GetValueOrDefault(shard);

    /// <exception cref="InvalidDataException">The entries are not those of a checkpoint.</exception>
    public static TensorFlowBundle Read(IReadOnlyList<(int KeyLength, byte[] Value)> entries)
    {
        // The header has the empty key, which sorts first.
        if (entries.Count == 0 || entries[0].KeyLength > 0)
        {
            throw new InvalidDataException("has no header: it is not the index of a checkpoint");
        }

        var shards = ProtobufFields.Read(entries[0].Value).GetValueOrDefault(1);
        if (shards is < 1 or > MaxShards)
        {
            throw new InvalidDataException($"counts {shards} shards");
        }

        var bundle = new TensorFlowBundle { ShardCount = (int)shards };
        foreach (var (_, value) in entries.Skip(1))
        {
            bundle.Add(ProtobufFields.Read(value));
        }

        return bundle;
    }

    private void Add(IReadOnlyDictionary<int, long> entry)
    {
        var shard = entry.GetValueOrDefault(3);
        var offset = entry.GetValueOrDefault(4);
        var size = entry.GetValueOrDefault(5);
        if (shard < 0 || shard >= ShardCount || offset < 0 || size < 0 || offset > long.MaxValue - size)
        {
            throw new InvalidDataException($"places data at byte {offset} of shard {shard}, which does not exist");
        }

        _ends[(int)shard] = Math.Max(_ends.GetValueOrDefault((int)shard), offset + size);
    }
}
