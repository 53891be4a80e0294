namespace Continuity.Vault.Stores.Sftp;

/// <summary>Which server and folder <see cref="SftpBlobStore"/> uses, and how it knows them.</summary>
public sealed record SftpStoreSettings
{
    /// <summary>Gets the server's name or address.</summary>
    public required string Host { get; init; }

    /// <summary>Gets the server's port.</summary>
    /// <value>The default value is 22.</value>
    public int Port { get; init; } = 22;

    /// <summary>Gets the user to log in as.</summary>
    public required string User { get; init; }

    /// <summary>Gets the absolute folder below which blobs are kept; the first put creates it.</summary>
    public required string Folder { get; init; }

    /// <summary>Gets the private keys to log in with, tried in turn.</summary>
    public required IReadOnlyList<string> KeyFiles { get; init; }

    /// <summary>Gets the passphrase of the private keys.</summary>
    /// <value>The default value is <see langword="null"/>: they have none.</value>
    public string? KeyPassphrase { get; init; }

    /// <summary>Gets the file that lists the servers' public keys, in OpenSSH's format.</summary>
    public required string KnownHostsFile { get; init; }

    /// <summary>Gets how long to wait for an answer.</summary>
    /// <value>The default value is 30 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
