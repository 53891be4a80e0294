using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Continuity.Vault.Stores.Sftp;

/// <summary>The public keys that a server may have, from a file in OpenSSH's known_hosts format.</summary>
internal sealed class KnownHosts
{
    private readonly List<(string Type, byte[] Key)> _keys = [];

    /// <summary>Gets the kinds of key known for the server; only these may be negotiated.</summary>
    public IEnumerable<string> KeyTypes => _keys.Select(key => key.Type).Distinct();

    /// <summary>Reads the keys of one server; a missing file knows none.</summary>
    public static KnownHosts Read(string path, string host, int port)
    {
        var name = port == 22 ? host : string.Create(CultureInfo.InvariantCulture, $"[{host}]:{port}");
        var known = new KnownHosts();
        foreach (var line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            var fields = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            // Lines with markers (@cert-authority, @revoked) are not host keys.
            if (fields.Length >= 3
                && fields[0][0] is not ('#' or '@')
                && fields[0].Split(',').Any(entry => Names(entry, name)))
            {
                known.Add(fields[1], fields[2]);
            }
        }

        return known;
    }

    public bool Contains(ReadOnlySpan<byte> key)
    {
        foreach (var known in _keys)
        {
            if (key.SequenceEqual(known.Key))
            {
                return true;
            }
        }

        return false;
    }

    private void Add(string type, string base64)
    {
        var key = new byte[base64.Length];
        if (Convert.TryFromBase64String(base64, key, out var length))
        {
            _keys.Add((type, key[..length]));
        }
    }

    private static bool Names(string entry, string name)
    {
        if (!entry.StartsWith("|1|", StringComparison.Ordinal))
        {
            return string.Equals(entry, name, StringComparison.OrdinalIgnoreCase);
        }

        var parts = entry.Split('|');
        Span<byte> salt = stackalloc byte[20];
        Span<byte> hash = stackalloc byte[20];
        Span<byte> actual = stackalloc byte[20];
        return parts.Length == 4
            && Convert.TryFromBase64String(parts[2], salt, out var saltLength) && saltLength == 20
            && Convert.TryFromBase64String(parts[3], hash, out var hashLength) && hashLength == 20
            && Hmac(salt, name, actual).SequenceEqual(hash);
    }

    // OpenSSH hides host names behind HMAC-SHA1; nothing depends on its strength here.
#pragma warning disable CA5350
    private static ReadOnlySpan<byte> Hmac(ReadOnlySpan<byte> salt, string name, Span<byte> destination) =>
        destination[..HMACSHA1.HashData(salt, Encoding.ASCII.GetBytes(name), destination)];
#pragma warning restore CA5350
}
