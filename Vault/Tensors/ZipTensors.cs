namespace Continuity.Vault.Tensors;

/// <summary>
/// Finds arrays in archives whose members are stored as they are: NumPy's .npz and PyTorch's .pt and .bin.
/// </summary>
internal static class ZipTensors
{
    private const string ArraySuffix = ".npy";
    private const string PickleName = "data.pkl";

    public static List<TensorRegion> Read(ReadAt read, long fileLength)
    {
        var members = ZipDirectory.Read(read, fileLength);
        var regions = new List<TensorRegion>();
        var pickle = members.Find(member => member.Name.EndsWith('/' + PickleName, StringComparison.Ordinal));
        var folder = pickle is null ? null : pickle.Name[..^PickleName.Length] + "data/";
        var kinds = pickle is null ? null : PickledStorages.Read(read, pickle);
        foreach (var member in members)
        {
            if (kinds is not null && member.Name.StartsWith(folder!, StringComparison.Ordinal)) // Set with kinds.
            {
                var kind = kinds.GetValueOrDefault(member.Name[folder!.Length..]);
                regions.Add(new TensorRegion(member.Offset, member.Length, kind));
            }
            else if (member.Name.EndsWith(ArraySuffix, StringComparison.Ordinal))
            {
                regions.Add(NumpyFormat.Read(read, member.Offset, member.Offset + member.Length));
            }
        }

        return regions;
    }
}
