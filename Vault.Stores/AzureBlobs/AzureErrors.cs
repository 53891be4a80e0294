using Azure;
using Azure.Storage.Blobs.Models;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Stores.AzureBlobs;

/// <summary>Names the failures of Azure Blob Storage in the port's terms.</summary>
internal static class AzureErrors
{
    public static StoreException Translate(Exception exception, string store, string name)
    {
        if (exception is StoreException known)
        {
            return known;
        }

        if (exception is not RequestFailedException failure || failure.Status is 0 or 408 or 429 or >= 500)
        {
            return Unavailable(exception, store, name);
        }

        if (failure.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            return new StoreAccessDeniedException(
                $"The container of {store} does not exist: create it first.", failure);
        }

        if (failure.Status == 404)
        {
            return new BlobNotFoundException(store, name, failure);
        }

        // Two writers of one name share its uncommitted blocks: the first commit drops the second's. It begins again.
        return failure.ErrorCode == BlobErrorCode.InvalidBlockList
            || failure.ErrorCode == BlobErrorCode.ContainerBeingDeleted
            ? Unavailable(failure, store, name)
            : new StoreAccessDeniedException(
                $"{store} refuses access to '{name}' ({failure.Status} {failure.ErrorCode}): "
                + FirstLine(failure.Message),
                failure);
    }

    private static StoreUnavailableException Unavailable(Exception exception, string store, string name) =>
        new($"'{name}' in {store} is unavailable: {FirstLine(exception.Message)}", exception);

    // Azure's messages go on with the headers of the response.
    private static string FirstLine(string message) => message.Split('\n', 2)[0].TrimEnd();
}
