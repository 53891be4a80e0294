using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Continuity.Testing;

namespace Continuity.Api.Tests;

/// <summary>Speaks the Api's JSON.</summary>
internal sealed class ApiClient(HttpClient http) : IDisposable
{
    public HttpClient Http { get; } = http;

    public async Task<T> GetAsync<T>(string path) => await ReadAsync<T>(await Http.GetAsync(path));

    /// <summary>Asks until there is an answer that fits: what is told follows a change within moments.</summary>
    public async Task<T> GetUntilAsync<T>(string path, Func<T, bool> fits)
        where T : class
    {
        T? answer = null;
        await Eventually.HoldsAsync(async () =>
        {
            using var response = await Http.GetAsync(path, TestContext.Current.CancellationToken);
            answer = response.IsSuccessStatusCode
                ? await response.Content.ReadFromJsonAsync<T>(
                    JsonSerializerOptions.Web, TestContext.Current.CancellationToken)
                : null;
            return answer is not null && fits(answer);
        });
        return answer!; // not null: it fits
    }

    public async Task<T> PostAsync<T>(string path, object body) =>
        await ReadAsync<T>(await Http.PostAsJsonAsync(path, body, JsonSerializerOptions.Web));

    public async Task<T> PutAsync<T>(string path, object body) =>
        await ReadAsync<T>(await Http.PutAsJsonAsync(path, body, JsonSerializerOptions.Web));

    /// <summary>Sends a body as it is and gives the answer back, whatever it is.</summary>
    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, string? json = null,
        string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new ApiAnswer(
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    public void Dispose() => Http.Dispose();

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {text}");
            return JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web)
                ?? throw new InvalidOperationException("The answer is the JSON word null.");
        }
    }
}

internal sealed record ApiAnswer(HttpStatusCode Status, string? MediaType, JsonElement Body)
{
    public string? Detail => Body.TryGetProperty("detail", out var detail) ? detail.GetString() : null;

    /// <summary>The fields that a validation error names.</summary>
    public IEnumerable<string> Fields =>
        Body.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal);

    public void AssertProblem(HttpStatusCode status)
    {
        Assert.Equal((status, "application/problem+json"), (Status, MediaType));
        Assert.Equal((int)status, Body.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(Body.GetProperty("title").GetString()));
    }
}
