using System.Text.Json;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Stores.WebHdfs;

/// <summary>A FileStatus of the WebHDFS protocol.</summary>
internal sealed record WebHdfsFile(string Name, bool IsFile, long Length, DateTimeOffset Modified)
{
    public static WebHdfsFile Read(JsonElement answer, string store) =>
        Guard(store, () => ReadStatus(answer.GetProperty("FileStatus")));

    public static IReadOnlyList<WebHdfsFile> ReadAll(JsonElement answer, string store) =>
        Guard(store, () =>
            answer.GetProperty("FileStatuses").GetProperty("FileStatus").EnumerateArray().Select(ReadStatus).ToList());

    private static WebHdfsFile ReadStatus(JsonElement status) =>
        new(
            status.GetProperty("pathSuffix").GetString() ?? string.Empty,
            status.GetProperty("type").GetString() == "FILE",
            status.GetProperty("length").GetInt64(),
            DateTimeOffset.FromUnixTimeMilliseconds(status.GetProperty("modificationTime").GetInt64()));

    private static T Guard<T>(string store, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (
            exception is KeyNotFoundException or InvalidOperationException or FormatException
                or ArgumentOutOfRangeException)
        {
            throw new StoreUnavailableException(
                $"{store} answered with a file status that is not one: {exception.Message}", exception);
        }
    }
}
