namespace Continuity.Vault.Checkpoints;

/// <summary>Compares a safetensors file's length with its header, and its name with those of its siblings.</summary>
internal static class SafetensorsFile
{
    public const string Ending = ".safetensors";

    public static IEnumerable<CheckpointProblem> Check(FolderLook look, string file)
    {
        var header = SafetensorsHeader.Read(look.PathOf(file));
        var length = look.LengthOf(file);
        if (header.FileLength != length)
        {
            yield return new(
                file,
                $"is {length} bytes long; its header says {header.FileLength}: it is still being written, or cut off");
        }

        foreach (var sibling in ShardNames.SiblingsOf(file) ?? [])
        {
            if (!look.Contains(sibling))
            {
                yield return new(sibling, $"is missing; {Path.GetFileName(file)} counts it");
            }
        }
    }
}
