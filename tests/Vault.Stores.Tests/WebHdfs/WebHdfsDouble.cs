using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Continuity.Vault.Stores.Tests.WebHdfs;

/// <summary>A name node and a data node written from the public WebHDFS REST specification: no real cluster is at hand
/// where these tests run, so they show that the client follows the specification, not that Hadoop does.</summary>
internal sealed class WebHdfsDouble : IAsyncDisposable
{
    private readonly Dictionary<string, (byte[] Content, long Modified)> _files = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly WebApplication _nameNode;
    private readonly WebApplication _dataNode;

    private WebHdfsDouble()
    {
        _nameNode = Build(ServeNameNodeAsync);
        _dataNode = Build(ServeDataNodeAsync);
    }

    /// <summary>Gets the name node's address.</summary>
    public Uri Endpoint => AddressOf(_nameNode);

    /// <summary>Gets or sets the exception that the name node answers the next request with.</summary>
    public (HttpStatusCode Status, string Exception)? NextFailure { get; set; }

    /// <summary>Gets the users that requests named.</summary>
    public HashSet<string> Users { get; } = [];

    public static async Task<WebHdfsDouble> StartAsync()
    {
        var server = new WebHdfsDouble();
        await server._dataNode.StartAsync();
        await server._nameNode.StartAsync();
        return server;
    }

    /// <summary>Adds a file behind the client's back.</summary>
    public void Add(string path, byte[] content)
    {
        lock (_lock)
        {
            _files[path] = (content, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _nameNode.DisposeAsync();
        await _dataNode.DisposeAsync();
    }

    private static WebApplication Build(RequestDelegate serve)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var application = builder.Build();
        application.Run(serve);
        return application;
    }

    private static Uri AddressOf(WebApplication application) =>
        new(application.Services.GetRequiredService<IServer>(
            ).Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    private async Task ServeNameNodeAsync(HttpContext context)
    {
        if (NextFailure is { } failure)
        {
            NextFailure = null;
            await FailAsync(context, failure.Status, failure.Exception);
            return;
        }

        Locked(() => Users.Add(context.Request.Query["user.name"].ToString()));
        var path = PathOf(context);
        switch ($"{context.Request.Method} {context.Request.Query["op"]}")
        {
            case "PUT CREATE" or "GET OPEN":
                context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                context.Response.Headers.Location =
                    AddressOf(_dataNode).GetLeftPart(
                        UriPartial.Authority) + context.Request.Path + context.Request.QueryString;
                break;
            case "PUT RENAME":
                await RenameAsync(context, path);
                break;
            case "DELETE DELETE":
                await AnswerAsync(
                    context, Locked(() => _files.Remove(path)) ? """{"boolean": true}""" : """{"boolean": false}""");
                break;
            case "GET GETFILESTATUS":
                await StatAsync(context, path);
                break;
            case "GET LISTSTATUS":
                await ListAsync(context, path);
                break;
            default:
                await FailAsync(context, HttpStatusCode.BadRequest, "UnsupportedOperationException");
                break;
        }
    }

    private async Task ServeDataNodeAsync(HttpContext context)
    {
        var path = PathOf(context);
        if (context.Request.Method == "PUT")
        {
            using var content = new MemoryStream();
            await context.Request.Body.CopyToAsync(content);
            Add(path, content.ToArray());
            context.Response.StatusCode = StatusCodes.Status201Created;
            return;
        }

        var found = Locked(() => _files.GetValueOrDefault(path).Content);
        if (found is null)
        {
            await FailAsync(context, HttpStatusCode.NotFound, "FileNotFoundException");
            return;
        }

        var offset = int.Parse(context.Request.Query["offset"].ToString(), CultureInfo.InvariantCulture);
        var length = int.Parse(context.Request.Query["length"].ToString(), CultureInfo.InvariantCulture);
        if (offset >= found.Length)
        {
            await FailAsync(context, HttpStatusCode.Forbidden, "IOException");
            return;
        }

        var range = found.AsMemory(offset, Math.Min(length, found.Length - offset));
        context.Response.ContentLength = range.Length;
        await context.Response.Body.WriteAsync(range);
    }

    private async Task RenameAsync(HttpContext context, string source)
    {
        var target = context.Request.Query["destination"].ToString();
        var overwrite = context.Request.Query["renameoptions"] == "OVERWRITE";
        var renamed = Locked(() =>
        {
            if (!_files.TryGetValue(source, out var file) || (!overwrite && _files.ContainsKey(target)))
            {
                return false;
            }

            _files.Remove(source);
            _files[target] = file;
            return true;
        });
        if (!overwrite)
        {
            await AnswerAsync(context, renamed ? """{"boolean": true}""" : """{"boolean": false}""");
        }
        else if (!renamed)
        {
            await FailAsync(context, HttpStatusCode.NotFound, "FileNotFoundException");
        }
    }

    private async Task StatAsync(HttpContext context, string path)
    {
        var file = Locked(
            () => _files.TryGetValue(path, out var found) ? Status(string.Empty, found.Content.Length, found.Modified)
            : _files.Keys.Any(
                key => key.StartsWith(path + "/", StringComparison.Ordinal)) ? FolderStatus(string.Empty) : null);
        await (file is null
            ? FailAsync(context, HttpStatusCode.NotFound, "FileNotFoundException")
            : AnswerAsync(context, $$"""{"FileStatus": {{file}}}"""));
    }

    private async Task ListAsync(HttpContext context, string path)
    {
        var entries = Locked(() =>
        {
            if (_files.TryGetValue(path, out var self))
            {
                return [Status(string.Empty, self.Content.Length, self.Modified)];
            }

            return _files.Where(file => file.Key.StartsWith(path + "/", StringComparison.Ordinal))
                .GroupBy(file => file.Key[(path.Length + 1)..].Split('/')[0])
                .Select(group => group.First().Key == $"{path}/{group.Key}"
                    ? Status(group.Key, group.First().Value.Content.Length, group.First().Value.Modified)
                    : FolderStatus(group.Key))
                .ToList();
        });
        await (entries.Count == 0
            ? FailAsync(context, HttpStatusCode.NotFound, "FileNotFoundException")
            : AnswerAsync(context, $$$"""{"FileStatuses": {"FileStatus": [{{{string.Join(',', entries)}}}]}}"""));
    }

    private static string Status(string suffix, int length, long modified) =>
        $$"""{"pathSuffix": "{{suffix}}", "type": "FILE", "length": {{length}}, "modificationTime": {{modified}}}""";

    private static string FolderStatus(string suffix) =>
        $$"""{"pathSuffix": "{{suffix}}", "type": "DIRECTORY", "length": 0, "modificationTime": 0}""";

    private static string PathOf(HttpContext context) => context.Request.Path.Value!["/webhdfs/v1".Length..];

    private static Task AnswerAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    private static Task FailAsync(HttpContext context, HttpStatusCode status, string exception)
    {
        context.Response.StatusCode = (int)status;
        return AnswerAsync(
            context,
                $$$"""{"RemoteException": {"exception": "{{{exception}}}", "message": "as the test asked for"}}""");
    }

    private T Locked<T>(Func<T> action)
    {
        lock (_lock)
        {
            return action();
        }
    }
}
