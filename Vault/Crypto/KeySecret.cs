using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Continuity.Vault.Crypto;

/// <summary>A secret that a key of the repository is wrapped with.</summary>
/// <remarks>Dispose it when the repository is open: the bytes are then overwritten.</remarks>
public sealed class KeySecret : IDisposable
{
    /// <summary>The fewest bytes of a key file.</summary>
    public const int KeyFileBytes = 32;

    private const int MaximumBytes = 64 << 10;

    private readonly byte[] _bytes;

    private KeySecret(byte[] bytes, bool isStrong)
    {
        _bytes = bytes;
        IsStrong = isStrong;
    }

    /// <summary>Gets whether the secret has the entropy of a key, so that no slow derivation is needed.</summary>
    internal bool IsStrong { get; }

    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Takes a passphrase; Argon2id makes guessing it expensive.</summary>
    /// <param name="passphrase">The passphrase, not empty.</param>
    /// <returns>The secret.</returns>
    public static KeySecret FromPassphrase(string passphrase)
    {
        ArgumentException.ThrowIfNullOrEmpty(passphrase);
        return new KeySecret(Encoding.UTF8.GetBytes(passphrase), isStrong: false);
    }

    /// <summary>Takes the content of a key file.</summary>
    /// <param name="content">At least <see cref="KeyFileBytes"/> random bytes.</param>
    /// <returns>The secret.</returns>
    /// <exception cref="ArgumentException">The content is shorter, or longer than 64 KiB.</exception>
    public static KeySecret FromKeyFile(ReadOnlySpan<byte> content)
    {
        if (content.Length is < KeyFileBytes or > MaximumBytes)
        {
            throw new ArgumentException(
                $"A key file has {KeyFileBytes} to {MaximumBytes} random bytes; this one has {content.Length}.",
                    nameof(content));
        }

        return new KeySecret(content.ToArray(), isStrong: true);
    }

    /// <summary>Runs a command and takes the first line that it prints as the passphrase.</summary>
    /// <param name="program">The program: a password store, or a script that asks a key management service.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Ends the wait and the command.</param>
    /// <returns>The secret.</returns>
    /// <exception cref="InvalidOperationException">The command failed or printed nothing.</exception>
    public static async Task<KeySecret> FromCommandAsync(
        string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start)
            ?? throw new InvalidOperationException($"The key command '{program}' couldn't be started.");
        string? line;
        try
        {
            line = await process.StandardOutput.ReadLineAsync(cancellationToken);
            await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode == 0 && !string.IsNullOrEmpty(line)
            ? FromPassphrase(line)
            : throw new InvalidOperationException(
                $"The key command '{program}' ended with code {process.ExitCode} and "
                + $"{(string.IsNullOrEmpty(line) ? "printed nothing" : "its output isn't used")}.");
    }

    /// <summary>Overwrites the secret in memory.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
