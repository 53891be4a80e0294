using System.Buffers;

namespace Continuity.Gateway.Forwarding;

/// <summary>A request's body in one rented buffer: every attempt sends it again.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstSize = 4096;
    private byte[] _buffer;
    private int _length;

    private RequestBody(int size) => _buffer = size > 0 ? ArrayPool<byte>.Shared.Rent(size) : [];

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    /// <summary>Reads the whole body, or nothing when it is larger than the limit.</summary>
    /// <exception cref="BadHttpRequestException">It is malformed, or took longer than the patience.</exception>
    public static async ValueTask<RequestBody?> ReadAsync(
        HttpRequest request, long limit, BodyPatience patience, CancellationToken cancellationToken)
    {
        var declared = request.ContentLength;
        if (declared > limit)
        {
            return null;
        }

        // A declared length is the caller's word: memory is taken as bytes arrive, not on trust.
        var body = new RequestBody((int)Math.Min(declared ?? FirstSize, 64 * 1024));
        var whole = false;
        ITimer? timer = null;
        try
        {
            var reader = request.BodyReader;
            while (true)
            {
                var read = reader.ReadAsync(cancellationToken);
                if (!read.IsCompleted)
                {
                    // Most bodies come with their headers; only those that don't need a watch.
                    timer ??= patience.Watch(reader);
                }

                var result = await read;
                if (result.IsCanceled)
                {
                    reader.AdvanceTo(result.Buffer.End);
                    throw patience.Exhausted();
                }

                if (body._length + result.Buffer.Length > limit)
                {
                    reader.AdvanceTo(result.Buffer.End);
                    return null;
                }

                body.Append(result.Buffer, (int)limit);
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted || body._length == declared)
                {
                    whole = true;
                    return body;
                }
            }
        }
        finally
        {
            timer?.Dispose();
            if (!whole)
            {
                body.Dispose();
            }
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _length = 0;
        }
    }

    private void Append(in ReadOnlySequence<byte> bytes, int limit)
    {
        var needed = _length + (int)bytes.Length;
        if (needed > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(needed, _buffer.Length * 2L), limit));
            Span.CopyTo(larger);
            var length = _length;
            Dispose();
            (_buffer, _length) = (larger, length);
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length = needed;
    }
}
