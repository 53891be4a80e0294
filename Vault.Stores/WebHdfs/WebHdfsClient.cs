using System.Net;
using System.Text.Json;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Stores.WebHdfs;

/// <summary>Speaks the WebHDFS protocol: metadata at the name node, data at the node that it redirects to.</summary>
internal sealed class WebHdfsClient(WebHdfsStoreSettings settings, HttpClient http, string description)
{
    // Answers hold at most a folder's listing.
    private const int MaxAnswerBytes = 256 << 20;

    /// <summary>Sends a request to the name node and returns its JSON answer.</summary>
    public async Task<JsonDocument> AskAsync(
        HttpMethod method, string path, string operation, string name, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, UriOf(path, operation));
        using var response = await SendAsync(request, name, cancellationToken);
        await ThrowIfFailedAsync(response, name, cancellationToken);
        var body = await ReadAnswerAsync(response, cancellationToken);
        return body.Length == 0 ? JsonDocument.Parse("{}") : Parse(body, name);
    }

    /// <summary>Writes a new file in two steps, so that the bytes are sent once and to the right node.</summary>
    public async Task CreateAsync(
        string path, ReadOnlyMemory<byte> content, string name, CancellationToken cancellationToken)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Put, UriOf(path, "CREATE&overwrite=false"));
        using var answer = await SendAsync(ask, name, cancellationToken);
        using var send = new HttpRequestMessage(HttpMethod.Put, await RedirectAsync(answer, name, cancellationToken))
        {
            Content = new ReadOnlyMemoryContent(content),
        };
        send.Content.Headers.ContentType = new("application/octet-stream");
        using var response = await SendAsync(send, name, cancellationToken);
        await ThrowIfFailedAsync(response, name, cancellationToken);
    }

    /// <summary>Reads a range of a file, as far as it reaches.</summary>
    public async Task<int> OpenAsync(
        string path, long offset, Memory<byte> destination, string name, CancellationToken cancellationToken)
    {
        using var ask = new HttpRequestMessage(
            HttpMethod.Get,
            UriOf(path, FormattableString.Invariant($"OPEN&offset={offset}&length={destination.Length}")));
        using var answer = await SendAsync(ask, name, cancellationToken);
        using var get = new HttpRequestMessage(HttpMethod.Get, await RedirectAsync(answer, name, cancellationToken));
        using var response = await SendAsync(get, name, cancellationToken);
        await ThrowIfFailedAsync(response, name, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var expected = response.Content.Headers.ContentLength;
        var read = await body.ReadAtLeastAsync(
            destination, destination.Length, throwOnEndOfStream: false, cancellationToken);
        return expected is null || read == Math.Min(expected.Value, destination.Length)
            ? read
            : throw new StoreUnavailableException(
                $"'{name}' in {description} broke off after {read} of {expected} bytes.");
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (Exception exception) when (
            exception is HttpRequestException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new StoreUnavailableException(
                $"'{name}' in {description} is unavailable: {exception.Message}", exception);
        }
    }

    private async Task<Uri> RedirectAsync(HttpResponseMessage answer, string name, CancellationToken cancellationToken)
    {
        if (answer.StatusCode == HttpStatusCode.TemporaryRedirect
            && answer.Headers.Location is { IsAbsoluteUri: true } location
            && location.Scheme is "http" or "https")
        {
            return answer.Headers.Location;
        }

        await ThrowIfFailedAsync(answer, name, cancellationToken);
        throw new StoreUnavailableException(
            $"{description} did not say where the data of '{name}' is: status {(int)answer.StatusCode}, "
            + "no usable Location.");
    }

    private async Task ThrowIfFailedAsync(
        HttpResponseMessage response, string name, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            var body = await ReadAnswerAsync(response, cancellationToken);
            throw WebHdfsErrors.Translate(response.StatusCode, body, description, name);
        }
    }

    private async Task<byte[]> ReadAnswerAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
            return await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new StoreUnavailableException(
                $"The answer of {description} could not be read: {exception.Message}", exception);
        }
    }

    private JsonDocument Parse(byte[] body, string name)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException exception)
        {
            throw new StoreUnavailableException($"The answer of {description} about '{name}' is not JSON.", exception);
        }
    }

    private Uri UriOf(string path, string operation)
    {
        var escaped = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        var who = settings switch
        {
            { DelegationToken: { } token } => "&delegation=" + Uri.EscapeDataString(token),
            { User: { } user } => "&user.name=" + Uri.EscapeDataString(user),
            _ => string.Empty,
        };
        return new Uri(settings.Endpoint, $"/webhdfs/v1{escaped}?op={operation}{who}");
    }
}
