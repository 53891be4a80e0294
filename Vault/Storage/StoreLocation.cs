namespace Continuity.Vault.Storage;

/// <summary>Where a repository is, as a user writes it; never with secrets.</summary>
/// <remarks>
/// <list type="table">
/// <item><term><c>/srv/vault</c>, <c>vault</c>, <c>file:/srv/vault</c></term><description>a local
/// folder</description></item>
/// <item><term><c>s3:https://host[:port]/bucket[/prefix]</c></term><description>S3, path style; keys from the
/// environment</description></item>
/// <item><term><c>azure:container:/[prefix]</c></term><description>Azure Blob; account from the
/// environment</description></item>
/// <item><term><c>webhdfs:http[s]://[user@]host[:port]/folder</c></term><description>WebHDFS</description></item>
/// <item><term><c>sftp:user@host[:port]:/folder</c>, <c>sftp://user@host[:port]/folder</c></term><description>SFTP;
/// key from the environment</description></item>
/// </list>
/// </remarks>
/// <param name="Kind">Which store.</param>
/// <param name="Endpoint">Scheme, host and port, for S3 and WebHDFS; <c>sftp://host:port</c> for SFTP.</param>
/// <param name="User">The user name, for WebHDFS (optional) and SFTP.</param>
/// <param name="Container">The bucket or container, for S3 and Azure.</param>
/// <param name="Path">The folder (absolute except for a relative local one) or the prefix (no '/' at either
/// end).</param>
public sealed record StoreLocation(StoreKind Kind, Uri? Endpoint, string? User, string? Container, string Path)
{
    private const string Forms =
        "use /path, s3:https://host/bucket/prefix, azure:container:/prefix, webhdfs:http://host:9870/path "
        + "or sftp:user@host:/path";

    /// <summary>Reads a location.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The location.</returns>
    /// <exception cref="FormatException">The text names no store; the message says what is wrong with it.</exception>
    public static StoreLocation Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new FormatException($"The location is empty: {Forms}.");
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (colon < 0 || (slash >= 0 && slash < colon))
        {
            return new StoreLocation(StoreKind.Local, null, null, null, text);
        }

        var rest = text[(colon + 1)..];
        return text[..colon] switch
        {
            "file" => ParseLocal(text, rest),
            "s3" => ParseS3(text, rest),
            "azure" => ParseAzure(text, rest),
            "webhdfs" => ParseWebHdfs(text, rest),
            "sftp" => ParseSftp(text, rest),
            var kind => throw new FormatException($"'{text}': '{kind}:' is not a kind of store: {Forms}."),
        };
    }

    /// <summary>Writes the location so that <see cref="Parse"/> reads it back.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Kind switch
    {
        StoreKind.S3 => $"s3:{Endpoint!.GetLeftPart(UriPartial.Authority)}/{Container}{Suffix}", // S3 has an endpoint.
        StoreKind.Azure => $"azure:{Container}:/{Path}",
        StoreKind.WebHdfs => $"webhdfs:{Endpoint!.Scheme}://{UserPrefix}{Endpoint.Authority}{Path}", // As does WebHDFS.
        StoreKind.Sftp => $"sftp://{UserPrefix}{Endpoint!.Host}:{Endpoint.Port}{Path}", // And SFTP.
        _ => Path.Contains(':', StringComparison.Ordinal) ? $"file:{Path}" : Path,
    };

    private string UserPrefix => User is null ? string.Empty : Uri.EscapeDataString(User) + "@";

    private string Suffix => Path.Length == 0 ? string.Empty : "/" + Path;

    private static StoreLocation ParseLocal(string text, string rest)
    {
        var path = rest.StartsWith("//", StringComparison.Ordinal) ? rest[2..] : rest;
        return path.Length == 0
            ? throw new FormatException($"'{text}' names no folder: write file:/path.")
            : new StoreLocation(StoreKind.Local, null, null, null, path);
    }

    private static StoreLocation ParseS3(string text, string rest)
    {
        var uri = ParseHttp(text, rest, "s3:https://host/bucket/prefix");
        if (uri.UserInfo.Length > 0)
        {
            throw new FormatException(
                "An s3 location must hold no keys: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the "
                + "environment.");
        }

        var segments = Uri.UnescapeDataString(uri.AbsolutePath).Trim('/').Split('/', 2);
        return segments[0].Length == 0
            ? throw new FormatException($"'{text}' names no bucket: write s3:https://host/bucket/prefix.")
            : new StoreLocation(
                StoreKind.S3, Authority(uri), null, segments[0], Prefix(text, segments.ElementAtOrDefault(1) ?? ""));
    }

    private static StoreLocation ParseAzure(string text, string rest)
    {
        var parts = rest.Split(':', 2);
        if (parts[0].Length == 0 || parts[0].Contains('/', StringComparison.Ordinal))
        {
            throw new FormatException($"'{text}' names no container: write azure:container:/prefix.");
        }

        return new StoreLocation(
            StoreKind.Azure, null, null, parts[0], Prefix(text, parts.Length > 1 ? parts[1].Trim('/') : string.Empty));
    }

    private static StoreLocation ParseWebHdfs(string text, string rest)
    {
        var uri = ParseHttp(text, rest, "webhdfs:http://host:9870/path");
        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
        {
            throw new FormatException("A webhdfs location must hold no password.");
        }

        var path = Uri.UnescapeDataString(uri.AbsolutePath).TrimEnd('/');
        return path.Length == 0
            ? throw new FormatException($"'{text}' names no folder: write webhdfs:http://host:9870/path.")
            : new StoreLocation(
                StoreKind.WebHdfs,
                Authority(uri),
                uri.UserInfo.Length == 0 ? null : Uri.UnescapeDataString(uri.UserInfo),
                null,
                path);
    }

    private static StoreLocation ParseSftp(string text, string rest)
    {
        const string form = "write sftp:user@host:/path or sftp://user@host:port/path";
        string authority;
        string path;
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = rest.IndexOf('/', 2);
            (authority, path) = slash < 0 ? (rest[2..], string.Empty) : (rest[2..slash], rest[slash..]);
        }
        else
        {
            var split = rest.IndexOf(":/", StringComparison.Ordinal);
            (authority, path) = split < 0 ? (rest, string.Empty) : (rest[..split], rest[(split + 1)..]);
        }

        var at = authority.LastIndexOf('@');
        path = path.TrimEnd('/');
        if (at <= 0 || path.Length == 0)
        {
            throw new FormatException($"'{text}' names no {(at <= 0 ? "user" : "folder")}: {form}.");
        }

        if (authority.AsSpan(0, at).Contains(':'))
        {
            throw new FormatException("An sftp location must hold no password: use a key file.");
        }

        return Uri.TryCreate("sftp://" + authority[(at + 1)..], UriKind.Absolute, out var host) && host.Host.Length > 0
            ? new StoreLocation(
                StoreKind.Sftp,
                new UriBuilder("sftp", host.Host, host.Port > 0 ? host.Port : 22).Uri,
                Uri.UnescapeDataString(authority[..at]),
                null,
                path)
            : throw new FormatException($"'{text}' names no host: {form}.");
    }

    private static Uri ParseHttp(string text, string rest, string form) =>
        Uri.TryCreate(rest, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0
            ? uri.Query.Length == 0 && uri.Fragment.Length == 0
                ? uri
                : throw new FormatException($"'{text}' must have no '?' or '#': write {form}.")
            : throw new FormatException($"'{text}' has no http or https address: write {form}.");

    private static Uri Authority(Uri uri) =>
        new(uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped));

    private static string Prefix(string text, string prefix) =>
        prefix.Length == 0 || BlobName.IsValid(prefix)
            ? prefix
            : throw new FormatException(
                $"'{text}': the prefix '{prefix}' may only have letters, digits, '-', '_' and '.' between its "
                + "slashes.");
}
