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
        _fixedStarts = [.. _fixed.Select(Start)];
    }

    /// <summary>Whether it is spoken to without TLS.</summary>
    public bool IsPlain { get; }

    public EndPoint EndPoint { get; }

    public Uri UriFor(Operation operation, string pathAndQuery) =>
        operation.FixedIndex >= 0 ? _fixed[operation.FixedIndex] : new Uri(_address, pathAndQuery);

    /// <summary>The first lines of a request's head: the request line and Host.</summary>
    public byte[] RequestStart(Operation operation, HttpRequest request) =>
        operation.FixedIndex >= 0
            ? _fixedStarts[operation.FixedIndex]
            : Start(UriFor(operation, request.Path.Value + request.QueryString.Value));

    // Uri escapes what must not stand in a request line.
    private static byte[] Start(Uri target) => Encoding.ASCII.GetBytes(
        $"POST {target.PathAndQuery} HTTP/1.1\r\nHost: {target.IdnHost}:{target.Port}\r\n");
}
