using System.Text.RegularExpressions;
using Azure.Storage.Blobs;

namespace Continuity.Vault.Stores.Tests.Servers;

/// <summary>Microsoft's emulator of Azure Blob Storage.</summary>
public sealed partial class AzuriteServer : StoreServer
{
    // The emulator's account and key are fixed and public.
    private const string Account = "devstoreaccount1";
    private const string Key =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public static string ConnectionString(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
        + $"BlobEndpoint=http://127.0.0.1:{port}/{Account};";

    /// <summary>Creates an empty container.</summary>
    public async Task<string> CreateContainerAsync()
    {
        var container = new BlobContainerClient(ConnectionString(Port), $"container-{Guid.NewGuid():N}");
        await container.CreateAsync();
        return container.Name;
    }

    private protected override Task<ServerProcess> StartAsync(string programs) =>
        ServerProcess.StartAsync(
            "node",
            [
                Path.Combine(
                    programs, "npm/node_modules/azurite/dist/src/blob/main.js"), "--blobPort", "0", "--location", Data,
                "--skipApiVersionCheck", "--disableTelemetry", "--silent",
            ],
            new Dictionary<string, string>(),
            Listening());

    [GeneratedRegex(@"successfully listen\w* (?:at|on) http://127\.0\.0\.1:(\d+)")]
    private static partial Regex Listening();
}
