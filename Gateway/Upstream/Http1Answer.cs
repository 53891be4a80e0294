using System.Buffers;
using System.Runtime.CompilerServices;
using Continuity.Gateway.Forwarding;
using Microsoft.Extensions.Primitives;

namespace Continuity.Gateway.Upstream;

/// <summary>An answer on an HTTP/1.1 connection of the gateway's own.</summary>
internal sealed class Http1Answer(UpstreamConnection connection, ConnectionPool pool, UpstreamCall call)
    : UpstreamAnswer
{
    private const int FirstSize = 4096;
    private const int MaxHeadBytes = 64 * 1024;
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private AnswerFraming _framing;
    private ChunkedDecoder _chunks;
    private int _headStart;
    private int _headLength;
    private int _start;
    private int _end;
    private long _left;
    private bool _areHeadersCopied;
    private bool _isComplete;
    private bool _isDisposed;

    public override int Status => _framing.Status;

    public override long? Length => _framing.Length;

    public override string ContentType => _framing.ContentType ?? "";

    /// <summary>Whether anything came: from then on the replica has seen the request.</summary>
    public bool HasBytes { get; private set; }

    /// <summary>Receives the head, passing over those that only announce it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReadHeadAsync()
    {
        connection.IsUrgent = true;
        while (true)
        {
            var length = AnswerHeadParser.FindEnd(_buffer.AsSpan(_start, _end - _start));
            if (length > 0)
            {
                _headLength = length;
                _framing = AnswerHeadParser.Parse(_buffer.AsSpan(_start, length));
                if (!_framing.IsInterim)
                {
                    break;
                }

                Skip(length);
                continue;
            }

            MakeRoom();
            var received = await connection.ReceiveAsync(_buffer.AsMemory(_end));
            if (received == 0)
            {
                throw Broken("before the head of its answer was whole");
            }

            HasBytes = true;
            _end += received;
        }

        _headStart = _start;
        _start += _headLength;
        _left = _framing.Length ?? 0;
        _isComplete = _framing.HasNoBody || _framing.Length == 0;
        _framing.MustClose |= _framing is { IsChunked: false, Length: null, HasNoBody: false };
    }

    public override void CopyHeaders(IHeaderDictionary to)
    {
        var head = _buffer.AsSpan(_headStart, _headLength);
        foreach (var (name, value) in new HeaderLines(head[(head.IndexOf("\r\n"u8) + 2)..]))
        {
            var known = HeaderText.Name(name);
            if (known.IsSentBack)
            {
                var text = HeaderText.Value(value);
                to[known.Text] = to.TryGetValue(known.Text, out var before)
                    ? StringValues.Concat(before, text)
                    : new StringValues(text);
            }
        }

        _areHeadersCopied = true;
        ReleaseDrained();
    }

    public override void SkipHeaders()
    {
        _areHeadersCopied = true;
        ReleaseDrained();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        if (_isComplete)
        {
            return new ValueTask<int>(0);
        }

        if (_start < _end)
        {
            var count = Math.Min(buffer.Length, _end - _start);
            _buffer.AsSpan(_start, count).CopyTo(buffer.Span);
            Consume(count);
            var read = Decode(buffer.Span[..count]);
            if (read > 0 || _isComplete)
            {
                connection.IsUrgent = false;
                return new ValueTask<int>(read);
            }
        }

        return ReceiveAsync(buffer);
    }

    public override void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        call.Detach();
        var isReusable = _isComplete && !_framing.MustClose && _start == _end;
        ReleaseBuffer();
        if (isReusable)
        {
            pool.Return(connection);
        }
        else
        {
            connection.Dispose();
        }
    }

    // Each chunk of each stream comes through here: its state is pooled.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        while (true)
        {
            var received = await connection.ReceiveAsync(buffer);
            if (received == 0)
            {
                return AtClose();
            }

            var read = Decode(buffer.Span[..received]);
            if (read > 0 || _isComplete)
            {
                connection.IsUrgent = false;
                return read;
            }
        }
    }

    /// <summary>Takes the framing off received bytes, in place.</summary>
    private int Decode(Span<byte> bytes)
    {
        if (_framing.IsChunked)
        {
            var decoded = _chunks.Decode(bytes, out var used);
            _isComplete = _chunks.IsComplete;
            _framing.MustClose |= used < bytes.Length;
            return decoded;
        }

        if (_framing.Length is null)
        {
            return bytes.Length;
        }

        // What goes beyond the declared length is nobody's: the next answer must not begin with it.
        var count = (int)Math.Min(_left, bytes.Length);
        _framing.MustClose |= count < bytes.Length;
        _left -= count;
        _isComplete = _left == 0;
        return count;
    }

    private int AtClose()
    {
        if (_framing.IsChunked || _framing.Length is not null)
        {
            throw Broken("before the end of its answer");
        }

        _isComplete = true;
        return 0;
    }

    private void Consume(int count)
    {
        _start += count;
        ReleaseDrained();
    }

    // A stream may last for minutes: what held its head is somebody else's as soon as nothing is left in it.
    private void ReleaseDrained()
    {
        if (_start == _end && _areHeadersCopied)
        {
            ReleaseBuffer();
        }
    }

    private void ReleaseBuffer()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            _start = _end = 0;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Skip(int count)
    {
        _buffer.AsSpan(_start + count, _end - _start - count).CopyTo(_buffer);
        _end -= _start + count;
        _start = 0;
    }

    private void MakeRoom()
    {
        if (_end < _buffer!.Length) // It is there until the head is copied.
        {
            return;
        }

        if (_end >= MaxHeadBytes)
        {
            throw AnswerHeadParser.Invalid($"it is longer than {MaxHeadBytes} bytes.");
        }

        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private static HttpIOException Broken(string when) =>
        new(HttpRequestError.ResponseEnded, $"The replica closed the connection {when}.");
}
