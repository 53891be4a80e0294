using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Continuity.Contracts.ArtefactSets;
using Continuity.Contracts.Jobs;
using Continuity.Contracts.Sites;

namespace Continuity.Demo;

/// <summary>The few calls of the control plane that the demo makes, through the gateway.</summary>
internal sealed class ControlPlaneClient(Uri gateway, string key) : IDisposable
{
    private static readonly TimeSpan JobDeadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http = new()
    {
        BaseAddress = new Uri(gateway, "/api/v1/"),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };

    public Task<Site> GetSiteAsync(string id, CancellationToken cancellationToken) =>
        GetAsync<Site>($"sites/{id}", cancellationToken);

    /// <summary>Lets artefact sets live below one more folder of the site.</summary>
    public async Task AddStorageRootAsync(string id, string folder, CancellationToken cancellationToken)
    {
        var site = await GetSiteAsync(id, cancellationToken);
        if (!site.StorageRoots.Contains(folder))
        {
            await PutAsync($"sites/{id}", new PutSiteRequest
            {
                State = site.State,
                Priority = site.Priority,
                Weight = site.Weight,
                StorageRoots = [.. site.StorageRoots, folder],
            }, cancellationToken);
        }
    }

    public Task PutArtefactSetAsync(string name, PutArtefactSetRequest request, CancellationToken cancellationToken) =>
        PutAsync($"artefact-sets/{name}", request, cancellationToken);

    public async Task<Job> StartJobAsync(CreateJobRequest request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "jobs")
        {
            Content = JsonContent.Create(request, options: JsonSerializerOptions.Web),
            Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() } },
        };
        using var response = await _http.SendAsync(message, cancellationToken);
        return await ReadAsync<Job>(response, cancellationToken);
    }

    /// <summary>Waits until the job has ended, whichever way.</summary>
    /// <exception cref="TimeoutException">It had not ended in time.</exception>
    public async Task<Job> WaitForJobAsync(Guid id, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < JobDeadline)
        {
            var job = await GetAsync<Job>($"jobs/{id}", cancellationToken);
            if (job.State is JobState.Succeeded or JobState.Failed or JobState.Cancelled)
            {
                return job;
            }

            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }

        throw new TimeoutException($"Job {id} had not ended after {JobDeadline.TotalSeconds:0} s.");
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    private async Task PutAsync<T>(string path, T body, CancellationToken cancellationToken)
    {
        using var response = await _http.PutAsJsonAsync(path, body, JsonSerializerOptions.Web, cancellationToken);
        await ReadAsync<JsonElement>(response, cancellationToken);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            var problem = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new HttpRequestException(
                $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri} answered "
                + $"{(int)response.StatusCode}: {problem}");
        }

        return await response.Content.ReadFromJsonAsync<T>(JsonSerializerOptions.Web, cancellationToken)
            ?? throw new HttpRequestException($"{response.RequestMessage?.RequestUri} answered with nothing.");
    }
}
