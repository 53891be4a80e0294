using System.Buffers;

namespace Continuity.Gateway.Streaming;

/// <summary>Cuts a byte stream into whole server-sent events: an event ends with an empty line.</summary>
internal sealed class EventBuffer(int maxEventBytes) : IDisposable
{
    // A few chunks: a stream that writes faster gets more when it has filled this.
    private const int FirstSize = 1024;
    private const int UsualSize = 4096;
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int _start;
    private int _end;
    private int _searched;

    /// <summary>Where the next bytes go; empty when one event has outgrown its limit.</summary>
    public Memory<byte> Free()
    {
        if (_start == _end)
        {
            if (_end == _bytes.Length && _end < UsualSize)
            {
                Replace([]);
            }

            _start = _end = _searched = 0;
        }
        else if (_end == _bytes.Length)
        {
            MakeRoom();
        }

        return _bytes.AsMemory(_end);
    }

    public void Filled(int count) => _end += count;

    /// <summary>The next whole event with its empty line; nothing when its end is still missing.</summary>
    public ReadOnlySpan<byte> Next()
    {
        var bytes = _bytes.AsSpan(0, _end);
        while (_searched < _end)
        {
            var at = bytes[_searched..].IndexOf((byte)'\n');
            if (at < 0)
            {
                _searched = _end;
                break;
            }

            var next = _searched + at + 1;
            if (next >= _end)
            {
                _searched = next - 1;
                break;
            }

            if (bytes[next] == '\n')
            {
                return Take(bytes, next + 1);
            }

            if (bytes[next] == '\r')
            {
                if (next + 1 >= _end)
                {
                    _searched = next - 1;
                    break;
                }

                if (bytes[next + 1] == '\n')
                {
                    return Take(bytes, next + 2);
                }
            }

            _searched = next;
        }

        return default;
    }

    /// <summary>Forgets what is there: another replica's bytes follow.</summary>
    public void Clear() => _start = _end = _searched = 0;

    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }

    private ReadOnlySpan<byte> Take(ReadOnlySpan<byte> bytes, int end)
    {
        var result = bytes[_start..end];
        _start = _searched = end;
        return result;
    }

    private void MakeRoom()
    {
        var length = _end - _start;
        if (_start > 0)
        {
            _bytes.AsSpan(_start, length).CopyTo(_bytes);
        }
        else if (_bytes.Length < maxEventBytes)
        {
            Replace(_bytes.AsSpan(0, length));
        }

        _searched -= _start;
        (_start, _end) = (0, length);
    }

    private void Replace(ReadOnlySpan<byte> kept)
    {
        var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
        kept.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
