using System.IO.Hashing;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Continuity.Vault.Stores.AzureBlobs;

/// <summary>Uploads blobs in blocks. A block's id tells its place and content, so that any later attempt, by any
/// process, sends only the blocks that the service does not hold yet.</summary>
internal sealed class AzureUpload(int blockBytes)
{
    private const int Parallelism = 4;

    public async Task<bool> PutAsync(
        BlockBlobClient blob,
        ReadOnlyMemory<byte> content,
        BlobRequestConditions? conditions,
        CancellationToken cancellationToken)
    {
        try
        {
            if (content.Length <= blockBytes)
            {
                var options = new BlobUploadOptions { Conditions = conditions };
                await blob.UploadAsync(BlobContent.AsStream(content), options, cancellationToken);
                return true;
            }

            var blocks = BlobContent.Split(content, blockBytes)
                .Select(part => (Id: IdOf(part.Index, part.Bytes.Span), part.Bytes)).ToList();
            await StageAsync(blob, blocks, cancellationToken);
            var commit = new CommitBlockListOptions { Conditions = conditions };
            await blob.CommitBlockListAsync(blocks.Select(block => block.Id), commit, cancellationToken);
            return true;
        }
        catch (RequestFailedException exception) when (
            conditions is not null
            && (exception.Status == 412 || exception.ErrorCode == BlobErrorCode.BlobAlreadyExists))
        {
            throw new AlreadyExistsException(exception);
        }
    }

    private static async Task StageAsync(
        BlockBlobClient blob, List<(string Id, ReadOnlyMemory<byte> Bytes)> blocks, CancellationToken cancellationToken)
    {
        var held = await GetHeldAsync(blob, cancellationToken);
        var options =
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(blocks.Where(block => !held.Contains(block.Id)), options, async (block, token) =>
            await blob.StageBlockAsync(block.Id, BlobContent.AsStream(block.Bytes), cancellationToken: token));
    }

    private static async Task<HashSet<string>> GetHeldAsync(BlockBlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            var list = await blob.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: cancellationToken);
            return [.. list.Value.UncommittedBlocks.Select(block => block.Name)];
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 403)
        {
            return []; // Nothing was staged before, or these credentials may only write.
        }
    }

    private static string IdOf(int index, ReadOnlySpan<byte> bytes)
    {
        Span<byte> id = stackalloc byte[20];
        BitConverter.TryWriteBytes(id, index);
        XxHash128.Hash(bytes, id[4..]);
        return Convert.ToBase64String(id);
    }
}

/// <summary>The condition of a put kept the blob that exists.</summary>
internal sealed class AlreadyExistsException(Exception innerException) : Exception("The blob exists.", innerException);
