using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Continuity.ModelServer.Tests.Chat;

public sealed class BadRequestTests(ModelServerFixture fixture)
{
    [Theory]
    [InlineData("", null)]
    [InlineData("{", null)]
    [InlineData("[]", null)]
    [InlineData("null", null)]
    [InlineData("""{"model": "sample-chat" "messages": []}""", null)]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}]}""", "model")]
    [InlineData("""{"model": 5, "messages": []}""", "model")]
    [InlineData("""{"model": "sample-chat"}""", "messages")]
    [InlineData("""{"model": "sample-chat", "messages": []}""", "messages")]
    [InlineData("""{"model": "sample-chat", "messages": "hello"}""", "messages")]
    [InlineData("""{"model": "sample-chat", "messages": [{"role": "king", "content": "a"}]}""", "messages[0].role")]
    [InlineData("""{"model": "sample-chat", "messages": [{"role": "user", "content": 5}]}""", "messages[0].content")]
    [InlineData("""{"model": "sample-chat", "messages": [{"role": "user", "content": "\ud83d"}]}""",
        "messages[0].content")]
    [InlineData("""{"model": "sample-chat", "messages": [{"role": "user", "content": [{"type": "image_url"}]}]}""",
        "messages[0].content")]
    public async Task Post_WrongBody_Is400NamingTheParameter(string body, string? parameter)
    {
        var (status, error) = await fixture.Client.PostBadAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(parameter, error.GetProperty("param").GetString());
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString() ?? "");
        Assert.True(error.TryGetProperty("code", out _));
    }

    [Theory]
    [InlineData("""{"max_tokens": "9"}""", "max_tokens")]
    [InlineData("""{"max_tokens": 0}""", "max_tokens")]
    [InlineData("""{"n": 0}""", "n")]
    [InlineData("""{"temperature": 3}""", "temperature")]
    [InlineData("""{"stop": [1]}""", "stop")]
    [InlineData("""{"stop": ""}""", "stop")]
    [InlineData("""{"stream": "yes"}""", "stream")]
    [InlineData("""{"stream_options": {}}""", "stream_options")]
    [InlineData("""{"logprobs": true}""", "logprobs")]
    [InlineData("""{"tool_choice": "required"}""", "tool_choice")]
    public Task Post_WrongField_Is400NamingIt(string fields, string parameter)
    {
        var body = Conversation.Ask("a");
        foreach (var (name, value) in JsonNode.Parse(fields)?.AsObject() ?? [])
        {
            body[name] = value?.DeepClone();
        }

        return Post_WrongBody_Is400NamingTheParameter(body.ToJsonString(), parameter);
    }

    [Fact]
    public async Task Post_UnknownModel_Is404WithItsCode()
    {
        var (status, error) = await fixture.Client.PostBadAsync(
            """{"model": "no-such-model", "messages": [{"role": "user", "content": "a"}]}""");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("model_not_found", error.GetProperty("code").GetString());
        Assert.Contains("no-such-model", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_MoreThanTheContextHolds_Is400()
    {
        var request = Conversation.Ask("Long", ("max_tokens", 1_000_000));

        var (status, error) = await fixture.Client.PostBadAsync(request.ToJsonString());

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("context_length_exceeded", error.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("/v1/nothing")]
    [InlineData("/v1/models/no-such-model")]
    [InlineData("/v1/chat/completions")]
    public async Task Get_WhatIsNotServed_IsAnErrorInTheSameShape(string path)
    {
        using var response = await fixture.Client.GetAsync(path);

        Assert.InRange((int)response.StatusCode, 404, 405);
        var body = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Assert.NotEmpty(body.GetProperty("error").GetProperty("message").GetString() ?? "");
    }
}
