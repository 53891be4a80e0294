using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Health;

/// <param name="Problem">Null: healthy.</param>
internal readonly record struct HealthResult(string? Problem)
{
    public static HealthResult Healthy => new(null);

    public bool IsHealthy => Problem is null;
}

internal interface IHealthCheck
{
    string Key { get; }

    Task<HealthResult> CheckAsync(CancellationToken cancellationToken);
}

internal sealed class HttpCheck(HttpClient client, string key, Uri address, int expectedStatus) : IHealthCheck
{
    public string Key => key;

    public async Task<HealthResult> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsync(
                address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)response.StatusCode == expectedStatus
                ? HealthResult.Healthy
                : new HealthResult($"{address} answered {(int)response.StatusCode}, expected {expectedStatus}");
        }
        catch (HttpRequestException exception)
        {
            return new HealthResult($"{address}: {exception.InnerException?.Message ?? exception.Message}");
        }
    }
}

/// <summary>The server accepts connections.</summary>
internal sealed class ConnectCheck(string key, int port) : IHealthCheck
{
    public string Key => key;

    public async Task<HealthResult> CheckAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
            return HealthResult.Healthy;
        }
        catch (SocketException exception)
        {
            return new HealthResult($"127.0.0.1:{port}: {exception.Message}");
        }
    }
}
