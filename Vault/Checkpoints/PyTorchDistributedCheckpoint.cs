namespace Continuity.Vault.Checkpoints;

/// <summary>Compares the <c>.metadata</c> of a PyTorch distributed checkpoint with the files that it names.</summary>
internal static class PyTorchDistributedCheckpoint
{
    private const int MaxMetadataBytes = 256 << 20;

    public static IEnumerable<CheckpointProblem> Check(FolderLook look, string file)
    {
        if (!file.EndsWith(".metadata", StringComparison.Ordinal))
        {
            // The coordinator writes the index when all ranks have written their files.
            yield return new(
                ShardNames.Beside(
                    file, ".metadata"), $"is missing beside {Path.GetFileName(file)}: ranks are still writing");
            yield break;
        }

        foreach (var (name, end) in ReadFiles(look, file))
        {
            if (ShardNames.Resolve(file, name) is not { } part)
            {
                yield return new(file, $"names the file '{name}', which is not in its folder");
            }
            else if (!look.Contains(part))
            {
                yield return new(part, "is missing; .metadata names it");
            }
            else if (look.LengthOf(part) < end)
            {
                yield return new(part, $"is {look.LengthOf(part)} bytes long; .metadata places data up to byte {end}");
            }
        }
    }

    /// <summary>Returns each file's name and the end of the last piece of data in it.</summary>
    private static Dictionary<string, long> ReadFiles(FolderLook look, string file)
    {
        if (look.LengthOf(file) > MaxMetadataBytes)
        {
            throw new InvalidDataException($"is {look.LengthOf(file)} bytes long, too long for an index");
        }

        var files = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var piece in PickleReader.Read(File.ReadAllBytes(look.PathOf(file))))
        {
            if (!piece.ClassName.EndsWith("_StorageInfo", StringComparison.Ordinal))
            {
                continue;
            }

            if (piece.State.GetValueOrDefault("relative_path") is not string name
                || piece.State.GetValueOrDefault("offset") is not long offset
                || piece.State.GetValueOrDefault("length") is not long length
                || offset < 0 || length < 0 || offset > long.MaxValue - length)
            {
                throw new InvalidDataException("places a piece of data without a file, an offset and a length");
            }

            files[name] = Math.Max(files.GetValueOrDefault(name), offset + length);
        }

        return files.Count > 0
            ? files
            : throw new InvalidDataException("names no file: it is not the index of a distributed checkpoint");
    }
}
