using Continuity.Vault.Codecs;
using Continuity.Vault.Files;
using Continuity.Vault.Formats;
using Continuity.Vault.Snapshots;
using Continuity.Vault.Storage;
using Continuity.Vault.Workers;

namespace Continuity.Vault.Backup;

/// <summary>Does the jobs of a backup.</summary>
internal sealed class StoreWorker(ChunkStorer storer, ChunkRecogniser recogniser) : IWorker<ChunkJob>
{
    private const int MaximumRegions = 64;

    private Memory<byte> _bundle;

    public void Process(ChunkJob item)
    {
        switch (item)
        {
            case PieceJob piece:
                piece.Done(Store(piece));
                piece.Segment.Release();
                break;
            case BundleJob bundle:
                Store(bundle);
                break;
            case ManifestJob manifest:
                manifest.Done(storer.Store(BlobKind.ManifestPack, manifest.Content, default, null));
                break;
        }
    }

    public void Dispose()
    {
        recogniser.Dispose();
        storer.Dispose();
    }

    private Extent Store(PieceJob piece)
    {
        var place = piece.Place;
        if (recogniser.TryRecognise(piece.Raw, place.File.Chunks, out var check, out var known))
        {
            return Extent.Whole(known, place.Length, check);
        }

        Span<ChunkRegion> regions = stackalloc ChunkRegion[MaximumRegions];
        var count = place.File.Layout.Describe(place.FileOffset, place.Length, regions);
        var id = storer.Store(BlobKind.DataPack, piece.Raw, new ChunkHint(regions[..count]), place.Base);
        return Extent.Whole(id, place.Length, check);
    }

    private void Store(BundleJob bundle)
    {
        if (_bundle.Length < bundle.Bytes)
        {
            _bundle = LargeMemory.Allocate(Math.Max(bundle.Bytes, BundleBuilder.MaximumBytes));
        }

        var length = 0;
        var places = new (int Offset, int Length)[bundle.Files.Count];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = (length, Read(bundle.Files[i], _bundle.Span[length..]));
            length += places[i].Length;
        }

        if (length > 0)
        {
            var id = storer.Store(BlobKind.DataPack, _bundle.Span[..length], default, null);
            for (var i = 0; i < places.Length; i++)
            {
                if (places[i].Length > 0)
                {
                    bundle.Files[i].Extents = [Extent.Part(id, places[i].Offset, places[i].Length)];
                }
            }
        }

        bundle.Done();
    }

    private static int Read(BundledFile file, Span<byte> destination)
    {
        try
        {
            using var handle = file.Item.Root!.OpenFile(file.Item.Name, NativeMethods.ReadOnly);
            var length = FileContent.Read(handle, destination[..file.Length], file.Item.Name);
            file.Problem = SourceProblem.AfterReading(file.Item, handle, length);
            return length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            file.Problem = exception.Message;
            file.IsUnreadable = true;
            return 0;
        }
    }
}
