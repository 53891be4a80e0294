using Continuity.Vault.Files;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Packs;
using Continuity.Vault.Snapshots;
using CsCheck;

namespace Continuity.Vault.Tests.Formats;

/// <summary>Any bytes give a value or a named exception: never a crash, a hang, or memory beyond the bytes' own
/// size.</summary>
public sealed class FuzzTests
{
    private static readonly Gen<byte[]> AnyBytes = Gen.OneOf(Gen.Byte.Array[1, 4096], Structured());

    [Fact]
    public void Index_OfAnyBytes_ReadsOrNamesTheDamage() =>
        AnyBytes.Sample(bytes => ReadsOrNames(() => IndexedPack.ReadAll(bytes, "index/fuzz")), iter: 20_000);

    [Fact]
    public void Snapshot_OfAnyBytes_ReadsOrNamesTheDamage() =>
        AnyBytes.Sample(bytes => ReadsOrNames(() => SnapshotRecord.Read(bytes, "snapshots/fuzz")), iter: 20_000);

    [Fact]
    public void ManifestRecord_OfAnyBytes_ReadsOrNamesTheDamage() =>
        AnyBytes.Sample(
            bytes => ReadsOrNames(() => ManifestRecord.Read(bytes, "manifest", "some/path"u8)), iter: 20_000);

    [Fact]
    public void FileRecord_WithExtentsOfAnyKindAndAnyDamage_ReadsOrNamesTheDamage()
    {
        var whole = new HashSet<ExtentKind>();
        Gen.Select(Gen.Byte[0, 3].Array[1, 20], Gen.Int[0, 400], Gen.Byte, Gen.Byte.Array[0, 40])
            .Sample((kinds, place, flip, tail) =>
            {
                var entry = new ManifestEntry
                {
                    Type = EntryType.File,
                    Path = [(byte)'p'],
                    Stat = default,
                    Extents = [.. kinds.Select(kind => kind switch
                    {
                        0 => Extent.Hole(kind),
                        1 => Extent.Whole(new ChunkId(1, 2, 3, kind), 9),
                        2 => Extent.Part(new ChunkId(1, 2, 3, kind), 5, 6),
                        _ => Extent.Whole(new ChunkId(1, 2, 3, kind), 9, new ChunkCheck(flip, 8)),
                    })],
                };
                var writer = new FormatWriter();
                ManifestRecord.Write(writer, entry, default);
                byte[] bytes = [.. writer.Span, .. tail];
                bytes[place % bytes.Length] ^= flip;
                return ReadsOrNames(() =>
                {
                    foreach (var extent in ManifestRecord.Read(bytes, "manifest", default).Extents)
                    {
                        whole.Add(extent.Check is null ? extent.Kind : ExtentKind.CheckedChunk);
                    }
                });
            }, iter: 20_000, threads: 1);

        Assert.Equal(Enum.GetValues<ExtentKind>().Length, whole.Count);
    }

    [Fact]
    public void PackTrailer_OfAnyBytes_ReadsOrNamesTheDamage() =>
        Gen.Byte.Array[PackLayout.TrailerBytes].Sample(
            bytes => ReadsOrNames(() => PackLayout.Read(bytes, 1 << 20, "packs/fuzz")), iter: 20_000);

    [Fact]
    public void Record_OfAnyEntry_RoundTrips() =>
        Gen.Select(Gen.Byte[1, 255].Array[1, 60], Gen.Long, Gen.Int[0, 4095], Gen.Long[0, long.MaxValue])
            .Where((path, _, _, _) => FilePath.IsSafe(path))
            .Sample((path, modified, mode, size) =>
            {
                var entry = new ManifestEntry
                {
                    Type = EntryType.File,
                    Path = path,
                    Stat = new FileStat { RawMode = 0x8000 | mode, Modified = modified, Size = size },
                    Extents = [Extent.Hole(size), Extent.Part(new ChunkId(1, 2, 3, 4), 5, 6)],
                };
                var writer = new FormatWriter();
                ManifestRecord.Write(writer, entry, "pre"u8);

                var read = ManifestRecord.Read(writer.Span, "manifest", "pre"u8);

                Assert.Equal(entry.Path, read.Path);
                Assert.Equal(entry.Stat, read.Stat);
                Assert.Equal(entry.Extents, read.Extents);
            });

    // Bytes that begin as the format does, so that the reader gets beyond the first field.
    private static Gen<byte[]> Structured() =>
        Gen.Select(Gen.Byte[1, 12], Gen.Byte[0, 40], Gen.Byte.Array[0, 200], (kind, length, rest) =>
            (byte[])[kind, length, .. rest]);

    private static bool ReadsOrNames(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (CorruptBlobException exception)
        {
            return exception.Reason.Length > 0;
        }
    }
}
