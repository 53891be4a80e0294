using System.Net;
using System.Text.Json;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Stores.WebHdfs;

/// <summary>Names the remote exceptions of HDFS in the port's terms.</summary>
internal static class WebHdfsErrors
{
    public static StoreException Translate(HttpStatusCode status, byte[] body, string store, string name)
    {
        var (exception, message) = Read(body);
        var said = $"{(int)status} {exception} {message}".TrimEnd();
        return exception switch
        {
            "FileNotFoundException" => new BlobNotFoundException(store, name),
            "AccessControlException" or "SecurityException" or "AuthorizationException" => Denied(said, store, name),
            "DSQuotaExceededException" or "NSQuotaExceededException" or "QuotaByStorageTypeExceededException" =>
                new StoreFullException($"No room is left for '{name}' in {store}: {said}"),
            // A stand-by name node, safe mode, a lease that is still held: it passes.
            "StandbyException" or "RetriableException" or "SafeModeException" => Unavailable(said, store, name),
            _ => status switch
            {
                HttpStatusCode.NotFound => new BlobNotFoundException(store, name),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Denied(said, store, name),
                HttpStatusCode.InsufficientStorage =>
                    new StoreFullException($"No room is left for '{name}' in {store}: {said}"),
                _ => Unavailable(said, store, name),
            },
        };
    }

    private static StoreAccessDeniedException Denied(string said, string store, string name) =>
        new($"{store} refuses access to '{name}': {said}");

    private static StoreUnavailableException Unavailable(string said, string store, string name) =>
        new($"'{name}' in {store} is unavailable: {said}");

    private static (string? Exception, string? Message) Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("RemoteException", out var remote)
                && remote.ValueKind == JsonValueKind.Object
                ? (Text(remote, "exception"), Text(remote, "message")?.Split('\n', 2)[0])
                : default;
        }
        catch (JsonException)
        {
            return default; // An error page of a proxy, say: the status alone speaks.
        }
    }

    private static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
