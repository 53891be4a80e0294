using Continuity.Vault.Storage;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Continuity.Vault.Stores.Sftp;

/// <summary>One connection to a server, opened when it is first needed and again after it broke.</summary>
internal sealed class SftpConnection(SftpStoreSettings settings, string description) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private SftpClient? _client;

    public async ValueTask<SftpClient> GetAsync(CancellationToken cancellationToken)
    {
        if (_client is { IsConnected: true } connected)
        {
            return connected;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_client is not { IsConnected: true })
            {
                _client?.Dispose();
                _client = null;
                _client = await ConnectAsync(cancellationToken);
            }

            return _client;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _client?.Dispose();
        _gate.Dispose();
    }

    private async Task<SftpClient> ConnectAsync(CancellationToken cancellationToken)
    {
        var known = KnownHosts.Read(settings.KnownHostsFile, settings.Host, settings.Port);
        var connection = new ConnectionInfo(settings.Host, settings.Port, settings.User, ReadKeys())
        {
            Timeout = settings.Timeout,
        };
        RestrictHostKeys(connection, known);
        var client = new SftpClient(connection) { OperationTimeout = settings.Timeout };
        var trusted = true;
        client.HostKeyReceived += (_, key) => trusted = key.CanTrust = known.Contains(key.HostKey);
        try
        {
            await client.ConnectAsync(cancellationToken);
            return client;
        }
        catch (SshConnectionException exception) when (!trusted)
        {
            client.Dispose();
            throw UnknownHost(exception);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    // As ssh does: ask for a kind of key that can be checked, not for one that the server likes better.
    private void RestrictHostKeys(ConnectionInfo connection, KnownHosts known)
    {
        var types = known.KeyTypes
            .SelectMany(type => type == "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : (string[])[type])
            .ToHashSet();
        if (types.Count == 0)
        {
            throw UnknownHost(null);
        }

        foreach (var algorithm in connection.HostKeyAlgorithms.Keys.Except(types).ToList())
        {
            connection.HostKeyAlgorithms.Remove(algorithm);
        }
    }

    private PrivateKeyAuthenticationMethod ReadKeys()
    {
        var files = settings.KeyFiles.Where(File.Exists).ToList();
        if (files.Count == 0)
        {
            throw new StoreAccessDeniedException(
                $"There is no private key for {description}: none of {string.Join(", ", settings.KeyFiles)} exists.");
        }

        try
        {
            return new PrivateKeyAuthenticationMethod(
                settings.User, [.. files.Select(file => new PrivateKeyFile(file, settings.KeyPassphrase))]);
        }
        catch (Exception exception) when (
            exception is SshException or InvalidOperationException or UnauthorizedAccessException)
        {
            throw new StoreAccessDeniedException(
                $"A private key for {description} cannot be used ({string.Join(", ", files)}): {exception.Message}",
                exception);
        }
    }

    private StoreAccessDeniedException UnknownHost(Exception? exception) =>
        new(
            $"The key of {settings.Host}:{settings.Port} is not in {settings.KnownHostsFile}: connect once with ssh, "
            + "compare the fingerprint, and accept it.",
            exception);
}
