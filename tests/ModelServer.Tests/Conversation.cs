using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Continuity.ModelServer.Tests;

/// <summary>
/// Bodies of requests and what came back, as plain JSON: what a client library hides is visible here.
/// </summary>
internal static class Conversation
{
    public const string Chat = "/v1/chat/completions";

    /// <summary>A chat request with a question, and any more fields.</summary>
    public static JsonObject Ask(string question, params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        var body = new JsonObject
        {
            ["model"] = "sample-chat",
            ["messages"] = new JsonArray(Message("user", question)),
        };
        foreach (var (name, value) in fields)
        {
            body[name] = value;
        }

        return body;
    }

    public static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };

    /// <summary>The same request, with an answer that is begun and to be continued.</summary>
    public static JsonObject Continue(JsonObject request, string begun)
    {
        var body = request.DeepClone().AsObject();
        body["messages"]!.AsArray().Add(Message("assistant", begun)); // Ask wrote messages.
        body["continue_final_message"] = true;
        body["add_generation_prompt"] = false;
        return body;
    }

    public static async Task<JsonElement> PostAsync(this HttpClient client, JsonObject body, string path = Chat)
    {
        using var response = await client.PostAsJsonAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonElement.Parse(text);
    }

    public static async Task<(HttpStatusCode Status, JsonElement Error)> PostBadAsync(
        this HttpClient client, string body, string path = Chat)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(path, content);
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error"));
    }

    /// <summary>Streams; gives the data of each event, <c>[DONE]</c> included.</summary>
    public static async Task<List<string>> StreamAsync(this HttpClient client, JsonObject body, string path = Chat)
    {
        body["stream"] = true;
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var events = new List<string>();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add(line["data: ".Length..]);
            }
        }

        return events;
    }

    public static string Content(this JsonElement completion) =>
        completion.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString() ?? "";

    /// <summary>The pieces of text of a stream's only choice.</summary>
    public static List<string> ContentDeltas(this IEnumerable<string> events) =>
        [.. events.Where(data => data != "[DONE]").Select(data => JsonElement.Parse(data).GetProperty("choices"))
            .Where(choices => choices.GetArrayLength() > 0)
            .Select(choices => choices[0].GetProperty("delta"))
            .Where(delta => delta.TryGetProperty("content", out _))
            .Select(delta => delta.GetProperty("content").GetString() ?? "")];
}
