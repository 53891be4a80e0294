using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Continuity.Contracts;
using Continuity.Contracts.Routing;

namespace Continuity.Gateway.Routing;

/// <summary>A snapshot on disk: its JSON, and a last line with the SHA-256 of all before that line.</summary>
/// <remarks>A file that people write by hand may leave the last line out; the last-known-good files never do.</remarks>
internal static class SnapshotFile
{
    private const string ChecksumMark = "// sha256:";

    public static byte[] Encode(RoutingSnapshot snapshot)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(snapshot, RoutingJson.Snapshot);
        byte[] body = [.. json, (byte)'\n'];
        return
            [.. body, .. Encoding.ASCII.GetBytes($"{ChecksumMark}{Convert.ToHexStringLower(SHA256.HashData(body))}\n")];
    }

    /// <exception cref="CorruptSnapshotException">The checksum is wrong or missing where it must be there, or the JSON
    /// is bad.</exception>
    public static RoutingSnapshot Decode(string path, ReadOnlySpan<byte> content, bool checksumRequired)
    {
        var body = content;
        var mark = content.LastIndexOf(Encoding.ASCII.GetBytes(ChecksumMark));
        if (mark >= 0)
        {
            body = content[..mark];
            var expected = Encoding.ASCII.GetString(content[(mark + ChecksumMark.Length)..]).Trim();
            var actual = Convert.ToHexStringLower(SHA256.HashData(body));
            if (!string.Equals(expected, actual, StringComparison.Ordinal))
            {
                throw new CorruptSnapshotException(
                    $"Routing file {path} is corrupted: its SHA-256 is {actual}, its last line says {expected}.");
            }
        }
        else if (checksumRequired)
        {
            throw new CorruptSnapshotException($"Routing file {path} is corrupted: its checksum line is missing.");
        }

        try
        {
            // Only a program writes the last line, and it may be a later one than this.
            return JsonSerializer.Deserialize(body, mark >= 0 ? RoutingJson.Snapshot : RoutingJson.HandWritten)
                ?? throw new CorruptSnapshotException($"Routing file {path} holds no snapshot, only null.");
        }
        catch (JsonException exception)
        {
            throw new CorruptSnapshotException($"Routing file {path} is no valid snapshot: "
                + JsonFaults.Describe(exception, "docs/routing.schema.json"));
        }
    }
}

/// <summary>A routing file that can't be believed; the message says which, and why.</summary>
internal sealed class CorruptSnapshotException(string message) : Exception(message);
