namespace Continuity.Vault.Checkpoints;

/// <summary>Compares the index of a TensorFlow checkpoint with its data shards.</summary>
internal static class TensorFlowCheckpoint
{
    private const string IndexEnding = ".index";
    private const string DataMark = ".data-";
    private const int MaxIndexBytes = 256 << 20;

    /// <summary>Tells whether a file is an index or a shard of such a checkpoint.</summary>
    public static bool IsPart(FolderLook look, string file)
    {
        if (PrefixOfShard(file) is not null)
        {
            return true;
        }

        // Other programs have files of that ending too: TensorFlow's end in the magic number of its tables.
        return file.EndsWith(IndexEnding, StringComparison.Ordinal)
            && (HasShards(look, file[..^IndexEnding.Length]) || SortedTable.HasMagic(look.PathOf(file)));
    }

    public static IEnumerable<CheckpointProblem> Check(FolderLook look, string file)
    {
        if (PrefixOfShard(file) is { } prefix)
        {
            if (!look.Contains(prefix + IndexEnding))
            {
                // The index is written when all shards are.
                yield return new(prefix + IndexEnding, $"is missing beside {Path.GetFileName(file)}");
            }

            yield break;
        }

        if (look.LengthOf(file) > MaxIndexBytes)
        {
            throw new InvalidDataException($"is {look.LengthOf(file)} bytes long, too long for an index");
        }

        var bundle = TensorFlowBundle.Read(SortedTable.Read(File.ReadAllBytes(look.PathOf(file))));
        for (var shard = 0; shard < bundle.ShardCount; shard++)
        {
            var name = $"{file[..^IndexEnding.Length]}{DataMark}{shard:D5}-of-{bundle.ShardCount:D5}";
            if (!look.Contains(name))
            {
                yield return new(name, $"is missing; {Path.GetFileName(file)} counts it");
            }
            else if (look.LengthOf(name) < bundle.EndOf(shard))
            {
                yield return new(
                    name, $"is {look.LengthOf(name)} bytes long; {Path.GetFileName(file)} places data up to byte "
                    + bundle.EndOf(shard));
            }
        }
    }

    private static bool HasShards(FolderLook look, string prefix) =>
        look.Files.Any(file => PrefixOfShard(file) == prefix);

    private static string? PrefixOfShard(string file)
    {
        var mark = file.LastIndexOf(DataMark, StringComparison.Ordinal);
        return mark > 0 && ShardNames.SiblingsOf(file) is not null ? file[..mark] : null;
    }
}
