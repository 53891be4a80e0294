using System.Net;
using System.Net.Http.Json;
using Continuity.Contracts;
using Continuity.Contracts.ArtefactSets;
using Continuity.Contracts.Jobs;
using Continuity.EndToEnd.Tests.Stack;

namespace Continuity.EndToEnd.Tests.Jobs;

/// <summary>Declares artefact sets and asks for jobs as an operator does: over HTTP, through the gateway.</summary>
internal sealed class JobClient : IDisposable
{
    // A request that meets a dying control plane is given up soon and sent again.
    private static readonly TimeSpan _requestDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http;

    public JobClient(StackProcess stack)
    {
        _http = stack.Client();
        _http.Timeout = _requestDeadline;
    }

    public async Task DeclareAsync(string name, PutArtefactSetRequest declaration)
    {
        using var response = await _http.PutAsJsonAsync($"/api/v1/artefact-sets/{name}", declaration);
        await RequireAsync(response);
    }

    /// <summary>Asks for a job, with the same key until the control plane has answered.</summary>
    public async Task<Job> StartAsync(CreateJobRequest request, string? key = null)
    {
        key ??= Guid.NewGuid().ToString();
        using var expiry = new CancellationTokenSource(_deadline, TimeProvider.System);
        while (true)
        {
            if (await TryStartAsync(request, key) is { } job)
            {
                return job;
            }

            await Task.Delay(_pollInterval, TimeProvider.System, expiry.Token);
        }
    }

    public Task<Job> StartAsync(JobKind kind, string artefactSet) =>
        StartAsync(new CreateJobRequest { Kind = kind, ArtefactSet = artefactSet });

    public async Task<Job> RetryAsync(Guid id)
    {
        using var response = await _http.PostAsync($"/api/v1/jobs/{id}/retry", content: null);
        return await ReadAsync<Job>(response);
    }

    /// <summary>Waits until the job has ended, well or not.</summary>
    public Task<Job> EndedAsync(Guid id) => WaitAsync(
        id, job => job.State is JobState.Succeeded or JobState.Failed or JobState.Cancelled, "end");

    /// <summary>Waits until a worker has dealt with so many bytes, and the job is still under way.</summary>
    public async Task<Job> UnderWayAsync(Guid id, long bytes)
    {
        var job = await WaitAsync(
            id,
            job => job.State != JobState.Queued && (job.Progress?.BytesDone >= bytes || job.CompletedAt is not null),
            $"deal with {bytes} bytes");
        Assert.True(job.State == JobState.Running, $"The job had ended before it could be disturbed: {job}");
        return job;
    }

    public async Task<IReadOnlyList<JobAttempt>> AttemptsAsync(Guid id) =>
        await GetAsync<List<JobAttempt>>($"/api/v1/jobs/{id}/attempts");

    public async Task<IReadOnlyList<Job>> ListAsync(string artefactSet) =>
        (await GetAsync<Page<Job>>($"/api/v1/jobs?artefactSet={artefactSet}")).Items;

    public void Dispose() => _http.Dispose();

    private async Task<Job> WaitAsync(Guid id, Func<Job, bool> condition, string description)
    {
        using var expiry = new CancellationTokenSource(_deadline, TimeProvider.System);
        while (true)
        {
            var job = await GetAsync<Job>($"/api/v1/jobs/{id}");
            if (condition(job))
            {
                return job;
            }

            if (expiry.IsCancellationRequested)
            {
                throw new TimeoutException($"The job did not {description} within {_deadline}: {job}");
            }

            await Task.Delay(_pollInterval, TimeProvider.System);
        }
    }

    private async Task<Job?> TryStartAsync(CreateJobRequest request, string key)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/api/v1/jobs")
        {
            Content = JsonContent.Create(request),
            Headers = { { "Idempotency-Key", key } },
        };
        try
        {
            using var response = await _http.SendAsync(message);
            return response.StatusCode >= HttpStatusCode.InternalServerError ? null : await ReadAsync<Job>(response);
        }
        catch (Exception exception) when (
            exception is HttpRequestException { StatusCode: null } or OperationCanceledException)
        {
            // No answer: the job may have been taken down or not. The key makes asking again harmless.
            return null;
        }
    }

    private async Task<T> GetAsync<T>(string path)
    {
        using var response = await _http.GetAsync(path);
        return await ReadAsync<T>(response);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response)
    {
        await RequireAsync(response);
        return await response.Content.ReadFromJsonAsync<T>()
            ?? throw new InvalidDataException($"{response.RequestMessage?.RequestUri} answered with null.");
    }

    private static async Task RequireAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(
            response.IsSuccessStatusCode, $"{response.RequestMessage?.RequestUri}: {response.StatusCode} {body}");
    }
}
