namespace Continuity.Vault.Formats;

/// <summary>Where each kind of blob lives in a store.</summary>
internal static class BlobNames
{
    public const string Config = "config";
    public const string Keys = "keys/";
    public const string Packs = "packs/";
    public const string Parities = "parity/";
    public const string Indexes = "index/";
    public const string Snapshots = "snapshots/";
    public const string Sessions = "sessions/";
    public const string Marks = "marks/";
    public const string Tombstones = "tombstones/";
    public const string MarkSessionsSuffix = "-sessions";

    public static string Key(BlobId id) => Keys + id;

    public static string Pack(BlobId id) => Spread(Packs, id);

    public static string Parity(BlobId id) => Spread(Parities, id);

    public static string Index(BlobId id) => Indexes + id;

    public static string Snapshot(BlobId id) => Snapshots + id;

    public static string Session(BlobId session, BlobId id) => $"{Sessions}{session}-{id}";

    public static string Mark(BlobId id) => Marks + id;

    public static string MarkSessions(BlobId mark) => $"{Marks}{mark}{MarkSessionsSuffix}";

    public static string Tombstone(BlobId id) => Tombstones + id;

    /// <summary>Reads the id at the end of a name; blobs of foreign names are none of the repository's.</summary>
    public static bool TryParseId(string name, out BlobId id) =>
        BlobId.TryParse(name.AsSpan(Math.Max(0, name.Length - (2 * BlobId.Length))), out id)
        && (name.Length == 2 * BlobId.Length || name[^((2 * BlobId.Length) + 1)] is '/' or '-');

    /// <summary>Reads the session's id out of the name of one of its signs of life.</summary>
    public static bool TryParseSession(string name, out BlobId session)
    {
        session = default;
        return name.Length == Sessions.Length + (4 * BlobId.Length) + 1
            && BlobId.TryParse(name.AsSpan(Sessions.Length, 2 * BlobId.Length), out session);
    }

    private static string Spread(string prefix, BlobId id)
    {
        var text = id.ToString();
        return $"{prefix}{text.AsSpan(0, 2)}/{text}";
    }
}
