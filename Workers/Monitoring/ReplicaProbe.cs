using System.Net;
using System.Text.Json;
using Continuity.Contracts.Routing;
using Continuity.Contracts.Services;
using Continuity.ServiceDefaults.Credentials;
using Microsoft.Extensions.Options;

namespace Continuity.Workers.Monitoring;

/// <summary>
/// Asks a replica whether it is well and whether it has its model, within a time limit for both together.
/// </summary>
internal sealed class ReplicaProbe : IDisposable
{
    private const int MaxModelsBytes = 4 * 1024 * 1024;

    private readonly HttpClient _client;
    private readonly TimeSpan _timeout;
    private readonly ReplicaCredentials _credentials;
    private readonly TimeProvider _time;

    public ReplicaProbe(IOptions<MonitoringOptions> options, ReplicaCredentials credentials, TimeProvider time)
    {
        _credentials = credentials;
        _timeout = options.Value.Timeout;
        _time = time;
        // Of its own, and not from the factory: a probe must see the first failure, so nothing may retry for it.
        _client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxModelsBytes,
        };
    }

    public async Task<ProbeResult> ProbeAsync(Replica replica, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        using var deadline = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        string? reason;
        try
        {
            reason = await AskAsync(replica, either.Token);
        }
        catch (OperationCanceledException) when (
            deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            reason = $"{replica.Address} did not answer within {_timeout.TotalSeconds:0.###} s.";
        }
        catch (HttpRequestException exception)
        {
            reason = $"{replica.Address} failed: {exception.Message}";
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            reason = $"{replica.Address} answered something unreadable: {exception.Message}";
        }

        return new ProbeResult(reason, _time.GetElapsedTime(start));
    }

    public void Dispose() => _client.Dispose();

    private async Task<string?> AskAsync(Replica replica, CancellationToken cancellationToken)
    {
        foreach (var path in HealthPathsOf(replica))
        {
            using var response = await GetAsync(
                replica, path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                return $"{new Uri(replica.Address, path)} answered {(int)response.StatusCode}.";
            }
        }

        return ListsModels(replica.Engine) ? await MissesModelAsync(replica, cancellationToken) : null;
    }

    private async Task<HttpResponseMessage> GetAsync(
        Replica replica, string path, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(replica.Address, path))
        {
            Version = replica.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        _credentials.Authorize(message, replica.Credential);
        return await _client.SendAsync(message, completion, cancellationToken);
    }

    private static string[] HealthPathsOf(Replica replica) => replica.Engine switch
    {
        EngineKind.Vllm or EngineKind.Sglang or EngineKind.Tgi or EngineKind.LlamaCpp => ["/health"],
        EngineKind.Triton => ["/v2/health/ready"],
        EngineKind.TensorFlowServing =>
            [$"/v1/models/{Uri.EscapeDataString(replica.UpstreamModel ?? replica.Service)}"],
        EngineKind.TorchServe => ["/ping"],
        // An unknown server and Ollama are well if they can list their models.
        _ => [],
    };

    private static bool ListsModels(EngineKind engine) =>
        engine is not (EngineKind.Triton or EngineKind.TensorFlowServing or EngineKind.TorchServe);

    private async Task<string?> MissesModelAsync(Replica replica, CancellationToken cancellationToken)
    {
        var wanted = replica.UpstreamModel ?? replica.Service;
        using var response = await GetAsync(
            replica, "/v1/models", HttpCompletionOption.ResponseContentRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return $"{new Uri(replica.Address, "/v1/models")} answered {(int)response.StatusCode}.";
        }

        using var models = await JsonDocument.ParseAsync(
            await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
        return Lists(models.RootElement, wanted) ? null : $"{replica.Address} does not serve the model '{wanted}'.";
    }

    private static bool Lists(JsonElement answer, string wanted) =>
        answer.ValueKind == JsonValueKind.Object
        && answer.TryGetProperty("data", out var models)
        && models.ValueKind == JsonValueKind.Array
        && models.EnumerateArray().Any(model =>
            model.ValueKind == JsonValueKind.Object
            && model.TryGetProperty("id", out var id)
            && id.ValueKind == JsonValueKind.String
            && id.ValueEquals(wanted));
}
