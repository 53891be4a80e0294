namespace Continuity.Gateway.Upstream;

/// <summary>Takes the framing out of a chunked body (RFC 9112, 7.1), in place and wherever the bytes are cut.</summary>
internal struct ChunkedDecoder
{
    private const int MostSizeDigits = 12;
    private const int MostLineBytes = 4096;
    private State _state;
    private long _left;
    private int _lineBytes;
    private int _digits;

    /// <summary>Whether the end of the body, trailers included, was seen.</summary>
    public readonly bool IsComplete => _state == State.Complete;

    /// <summary>Moves the body's bytes to the buffer's start.</summary>
    /// <param name="bytes">What came.</param>
    /// <param name="used">How much of it belonged to this body; less than all only after its end.</param>
    /// <returns>How many bytes of the body there are.</returns>
    /// <exception cref="HttpRequestException">The framing is broken.</exception>
    public int Decode(Span<byte> bytes, out int used)
    {
        var (from, to) = (0, 0);
        while (from < bytes.Length && _state != State.Complete)
        {
            if (_state == State.Data)
            {
                var count = (int)Math.Min(_left, bytes.Length - from);
                if (from != to)
                {
                    bytes.Slice(from, count).CopyTo(bytes[to..]);
                }

                from += count;
                to += count;
                _left -= count;
                _state = _left == 0 ? State.AfterData : State.Data;
            }
            else
            {
                Step(bytes[from++]);
            }
        }

        used = from;
        return to;
    }

    private void Step(byte next)
    {
        switch (_state)
        {
            case State.Size:
                StepInSize(next);
                break;
            case State.Extension:
                // Extensions mean nothing here; they end with their line.
                Count();
                _state = next == '\r' ? State.SizeEnd : next == '\n' ? throw Broken() : State.Extension;
                break;
            case State.SizeEnd:
                Expect(next, '\n');
                _state = _left > 0 ? State.Data : State.TrailerStart;
                (_digits, _lineBytes) = (0, 0);
                break;
            case State.AfterData:
                Expect(next, '\r');
                _state = State.AfterDataEnd;
                break;
            case State.AfterDataEnd:
                Expect(next, '\n');
                _state = State.Size;
                break;
            case State.TrailerStart:
                _state = next == '\r' ? State.LastLine : State.Trailer;
                break;
            case State.Trailer:
                Count();
                _state = next == '\n' ? State.TrailerStart : State.Trailer;
                break;
            default:
                Expect(next, '\n');
                _state = State.Complete;
                break;
        }
    }

    private void StepInSize(byte next)
    {
        var digit = HexValue(next);
        if (digit >= 0)
        {
            if (++_digits > MostSizeDigits)
            {
                throw Broken();
            }

            _left = (_left << 4) + digit;
        }
        else if (_digits > 0 && next is (byte)'\r' or (byte)';' or (byte)' ' or (byte)'\t')
        {
            _state = next == '\r' ? State.SizeEnd : State.Extension;
        }
        else
        {
            throw Broken();
        }
    }

    private void Count()
    {
        if (++_lineBytes > MostLineBytes)
        {
            throw Broken();
        }
    }

    private static int HexValue(byte character) => character switch
    {
        >= (byte)'0' and <= (byte)'9' => character - '0',
        >= (byte)'a' and <= (byte)'f' => character - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => character - 'A' + 10,
        _ => -1,
    };

    private static void Expect(byte found, char expected)
    {
        if (found != expected)
        {
            throw Broken();
        }
    }

    private static HttpRequestException Broken() =>
        new(HttpRequestError.InvalidResponse, "The chunks of its answer are not framed as HTTP asks for.");

    private enum State : byte
    {
        Size,
        Extension,
        SizeEnd,
        Data,
        AfterData,
        AfterDataEnd,
        TrailerStart,
        Trailer,
        LastLine,
        Complete,
    }
}
