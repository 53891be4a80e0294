namespace Continuity.Vault.Formats;

/// <summary>What a sealed blob holds; the numbers are part of the format.</summary>
internal enum BlobKind : byte
{
    DataPack = 1,
    ManifestPack = 2,
    Index = 3,
    Snapshot = 4,
    Session = 5,
    Mark = 6,
    MarkSessions = 7,
    Tombstone = 8,
    Config = 9,
}
