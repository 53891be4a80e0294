using System.Net;
using System.Text;
using Continuity.Gateway.Forwarding;

namespace Continuity.Gateway.Upstream;

/// <summary>A replica's address in the forms that requests need, prepared once.</summary>
internal sealed class UpstreamTarget
{
    private readonly Uri _address;
    private readonly Uri[] _fixed;
    private readonly byte[][] _fixedStarts;

    public UpstreamTarget(Uri address)
    {
        _address = address;
        IsPlain = address.Scheme == Uri.UriSchemeHttp;
        EndPoint = IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out var ip)
            ? new IPEndPoint(ip, address.Port)
            : new DnsEndPoint(address.IdnHost, address.Port);
        _fixed = [.. Operation.FixedPaths.Select(path => new Uri(address, path))];
        _fixedStarts = [.. _fixed.Select(target => Start(HttpMethod.Post, target))];
    }

    /// <summary>Whether it is spoken to without TLS.</summary>
    public bool IsPlain { get; }

    public EndPoint EndPoint { get; }

    /// <summary>Where a request goes, by the name that the model has at this replica.</summary>
    public Uri UriFor(Operation operation, HttpRequest request, string? upstreamModel)
    {
        if (operation.FixedIndex >= 0)
        {
            return _fixed[operation.FixedIndex];
        }

        var path = request.Path.Value!; // An operation was found in it.
        return new Uri(
            _address,
            (upstreamModel is null ? path : ModelPath.Rename(path, upstreamModel)) + request.QueryString.Value);
    }

    /// <summary>The first lines of a request's head: the request line and Host.</summary>
    public byte[] RequestStart(Operation operation, HttpRequest request, string? upstreamModel) =>
        operation.FixedIndex >= 0
            ? _fixedStarts[operation.FixedIndex]
            : Start(operation.Method, UriFor(operation, request, upstreamModel));

    // Uri escapes what must not stand in a request line.
    private static byte[] Start(HttpMethod method, Uri target) => Encoding.ASCII.GetBytes(
        $"{method} {target.PathAndQuery} HTTP/1.1\r\nHost: {target.IdnHost}:{target.Port}\r\n");
}
