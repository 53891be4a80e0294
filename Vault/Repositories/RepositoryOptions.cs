namespace Continuity.Vault.Repositories;

/// <summary>What can be chosen when a repository is made.</summary>
public sealed record RepositoryOptions
{
    /// <summary>Gets whether each pack gets a parity blob, which mends up to 1 MiB of damage in a row.</summary>
    /// <value>The default value is <see langword="false"/>. Parity takes less than 3 % more space.</value>
    public bool Parity { get; init; }

    /// <summary>Gets the name of the first key, for people.</summary>
    public string KeyLabel { get; init; } = "first key";
}
