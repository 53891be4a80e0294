using System.Text.Json;

namespace Continuity.Vault.Checkpoints;

/// <summary>Compares a <c>*.safetensors.index.json</c> with the shards that it names.</summary>
internal static class SafetensorsIndex
{
    public const string Ending = ".safetensors.index.json";

    private const int MaxIndexBytes = 100_000_000;

    public static IEnumerable<CheckpointProblem> Check(FolderLook look, string file)
    {
        foreach (var (shard, tensors) in ReadShards(look, file))
        {
            if (ShardNames.Resolve(file, shard) is not { } name)
            {
                yield return new(file, $"names the shard '{shard}', which is not a file in its folder");
            }
            else if (!look.Contains(name))
            {
                yield return new(name, $"is missing; {Path.GetFileName(file)} names it");
            }
            else if (MissingTensor(look, name, tensors) is { } missing)
            {
                yield return new(
                    name, $"does not hold the tensor '{missing}' that {Path.GetFileName(file)} places there: "
                    + "they belong to different checkpoints");
            }
        }
    }

    private static Dictionary<string, List<string>> ReadShards(FolderLook look, string file)
    {
        if (look.LengthOf(file) > MaxIndexBytes)
        {
            throw new InvalidDataException($"is {look.LengthOf(file)} bytes long, too long for an index of shards");
        }

        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllBytes(look.PathOf(file)), new JsonDocumentOptions { MaxDepth = 16 });
            var shards = new Dictionary<string, List<string>>(StringComparer.Ordinal);
            foreach (var entry in document.RootElement.GetProperty("weight_map").EnumerateObject())
            {
                var shard = entry.Value.GetString() ?? string.Empty;
                if (!shards.TryGetValue(shard, out var tensors))
                {
                    shards[shard] = tensors = [];
                }

                tensors.Add(entry.Name);
            }

            return shards;
        }
        catch (Exception exception) when (
            exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidDataException($"is not an index of shards: {exception.Message}", exception);
        }
    }

    private static string? MissingTensor(FolderLook look, string shard, List<string> tensors)
    {
        try
        {
            var held = SafetensorsHeader.Read(look.PathOf(shard)).Tensors;
            return tensors.Find(tensor => !held.Contains(tensor));
        }
        catch (InvalidDataException)
        {
            return null; // The shard's own check says what is wrong with it.
        }
    }
}
