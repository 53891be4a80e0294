using Continuity.Vault.Storage;

namespace Continuity.Vault.Stores;

/// <summary>Maps blob names to an object store's keys below a prefix, and back.</summary>
internal sealed class BlobKeys(string prefix)
{
    private readonly string _prefix = prefix.Length == 0 ? string.Empty : prefix.Trim('/') + "/";

    public string KeyOf(string name)
    {
        BlobName.ThrowIfInvalid(name);
        return _prefix + name;
    }

    public string PrefixOf(string prefix)
    {
        BlobName.ThrowIfInvalidPrefix(prefix);
        return _prefix + prefix;
    }

    /// <summary>Returns a key that is no blob's: no listing shows it.</summary>
    public string HiddenKey(string name) => $"{_prefix}.{name}";

    /// <summary>Returns null for a key that is no blob's: someone else's object, or a hidden one.</summary>
    public string? NameOf(string key)
    {
        var name = key.StartsWith(_prefix, StringComparison.Ordinal) ? key[_prefix.Length..] : null;
        return BlobName.IsValid(name) ? name : null;
    }
}
