using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Crypto;

/// <summary>HMAC-SHA-256 (RFC 2104) of many messages under one key, sixteen at once. One instance serves one
/// thread.</summary>
/// <remarks>The longest messages go first and a lane that ends takes the next one, so that few lanes idle at the
/// end.</remarks>
internal sealed unsafe class HmacLanes
{
    private const int Lanes = Sha256Lanes.Lanes;
    private const int BlockBytes = Sha256Lanes.BlockBytes;
    private const int TailBytes = 2 * BlockBytes;
    private const byte InnerPad = 0x36;
    private const byte OuterPad = 0x5C;
    private const byte EndOfMessage = 0x80;

    private readonly uint[] _inner;
    private readonly uint[] _outer;
    private readonly byte[] _tails = GC.AllocateUninitializedArray<byte>(Lanes * TailBytes, pinned: true);
    private readonly Lane[] _lanes = new Lane[Lanes];
    private MemoryHandle[] _pins = [];
    private int[] _order = [];
    private int[] _lengths = [];

    /// <summary>Prepares a key of at most a block.</summary>
    public HmacLanes(ReadOnlySpan<byte> key)
    {
        _inner = StateAfter(key, InnerPad);
        _outer = StateAfter(key, OuterPad);
    }

    private static ReadOnlySpan<uint> InitialState =>
    [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    ];

    private struct Lane
    {
        public byte* Next;
        public long Blocks;
        public int Message;
        public bool InTail;
    }

    /// <summary>Computes the codes of all messages.</summary>
    public void Compute(IReadOnlyList<ReadOnlyMemory<byte>> messages, Span<ChunkId> codes)
    {
        Order(messages);
        var digests = new uint[messages.Count * Sha256Lanes.StateWords];
        try
        {
            for (var i = 0; i < messages.Count; i++)
            {
                _pins[i] = messages[i].Pin();
            }

            Digest(messages.Count, digests);
        }
        finally
        {
            foreach (ref var pin in _pins.AsSpan())
            {
                pin.Dispose();
                pin = default;
            }
        }

        for (var first = 0; first < messages.Count; first += Lanes)
        {
            Finish(digests.AsSpan(first * Sha256Lanes.StateWords), codes[first..]);
        }
    }

    private static uint[] StateAfter(ReadOnlySpan<byte> key, byte pad)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, BlockBytes, nameof(key));
        var block = stackalloc byte[BlockBytes];
        for (var i = 0; i < BlockBytes; i++)
        {
            block[i] = (byte)(pad ^ (i < key.Length ? key[i] : 0));
        }

        var state = stackalloc Vector512<uint>[Sha256Lanes.StateWords];
        Spread(InitialState, state);
        var messages = stackalloc byte*[Lanes];
        for (var lane = 0; lane < Lanes; lane++)
        {
            messages[lane] = block;
        }

        Sha256Lanes.Compress(state, messages, 1);
        var words = new uint[Sha256Lanes.StateWords];
        for (var word = 0; word < words.Length; word++)
        {
            words[word] = state[word][0];
        }

        return words;
    }

    private static void Spread(ReadOnlySpan<uint> words, Vector512<uint>* state)
    {
        for (var word = 0; word < Sha256Lanes.StateWords; word++)
        {
            state[word] = Vector512.Create(words[word]);
        }
    }

    private void Order(IReadOnlyList<ReadOnlyMemory<byte>> messages)
    {
        if (_order.Length < messages.Count)
        {
            _order = new int[messages.Count];
            _lengths = new int[messages.Count];
            _pins = new MemoryHandle[messages.Count];
        }

        for (var i = 0; i < messages.Count; i++)
        {
            _order[i] = i;
            _lengths[i] = messages[i].Length;
        }

        Array.Sort(_order, 0, messages.Count, Comparer<int>.Create((left, right) => _lengths[right] - _lengths[left]));
    }

    private void Digest(int count, Span<uint> digests)
    {
        var state = stackalloc Vector512<uint>[Sha256Lanes.StateWords];
        var pointers = stackalloc byte*[Lanes];
        var begun = 0;
        for (var lane = 0; lane < Lanes; lane++)
        {
            _lanes[lane] = default;
            TakeNext(lane, ref begun, count, (uint*)state);
        }

        while (TryPoint(pointers, out var blocks))
        {
            Sha256Lanes.Compress(state, pointers, blocks);
            for (var lane = 0; lane < Lanes; lane++)
            {
                ref var current = ref _lanes[lane];
                if (current.Next is null)
                {
                    continue;
                }

                current.Next += blocks * BlockBytes;
                current.Blocks -= blocks;
                if (current.Blocks > 0)
                {
                    continue;
                }

                if (!current.InTail)
                {
                    BeginTail(lane);
                    continue;
                }

                var digest = digests.Slice(current.Message * Sha256Lanes.StateWords, Sha256Lanes.StateWords);
                for (var word = 0; word < digest.Length; word++)
                {
                    digest[word] = ((uint*)state)[(word * Lanes) + lane];
                }

                TakeNext(lane, ref begun, count, (uint*)state);
            }
        }
    }

    private void TakeNext(int lane, ref int begun, int count, uint* state)
    {
        ref var current = ref _lanes[lane];
        if (begun == count)
        {
            current.Next = null;
            return;
        }

        var message = _order[begun++];
        current = new Lane
        {
            Next = (byte*)_pins[message].Pointer,
            Blocks = _lengths[message] / BlockBytes,
            Message = message,
        };
        for (var word = 0; word < Sha256Lanes.StateWords; word++)
        {
            state[(word * Lanes) + lane] = _inner[word];
        }

        if (current.Blocks == 0)
        {
            BeginTail(lane);
        }
    }

    // What is left of the message, its end, and its length with the key's block in bits.
    private void BeginTail(int lane)
    {
        ref var current = ref _lanes[lane];
        var length = _lengths[current.Message];
        var rest = length % BlockBytes;
        current.InTail = true;
        current.Blocks = rest < BlockBytes - sizeof(ulong) ? 1 : 2;
        var tail = _tails.AsSpan(lane * TailBytes, (int)current.Blocks * BlockBytes);
        tail.Clear();
        new ReadOnlySpan<byte>((byte*)_pins[current.Message].Pointer + length - rest, rest).CopyTo(tail);
        tail[rest] = EndOfMessage;
        BinaryPrimitives.WriteUInt64BigEndian(tail[^sizeof(ulong)..], 8 * ((ulong)length + BlockBytes));
        current.Next = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_tails, lane * TailBytes);
    }

    /// <summary>Points each lane at its blocks; a lane without a message does another's work again.</summary>
    private bool TryPoint(byte** pointers, out long blocks)
    {
        blocks = long.MaxValue;
        byte* any = null;
        foreach (ref readonly var lane in _lanes.AsSpan())
        {
            if (lane.Next is not null)
            {
                any = lane.Next;
                blocks = Math.Min(blocks, lane.Blocks);
            }
        }

        for (var lane = 0; lane < Lanes && any is not null; lane++)
        {
            // Blocks of the shortest lane: every lane that has a message has as many.
            pointers[lane] = _lanes[lane].Next is null ? any : _lanes[lane].Next;
        }

        return any is not null;
    }

    /// <summary>The outer hash, of up to sixteen inner ones.</summary>
    private void Finish(ReadOnlySpan<uint> digests, Span<ChunkId> codes)
    {
        var count = Math.Min(Lanes, codes.Length);
        var block = stackalloc byte[Lanes * BlockBytes];
        var blocks = new Span<byte>(block, Lanes * BlockBytes);
        blocks.Clear();
        var pointers = stackalloc byte*[Lanes];
        for (var lane = 0; lane < Lanes; lane++)
        {
            pointers[lane] = block + (lane * BlockBytes);
            var content = blocks.Slice(lane * BlockBytes, BlockBytes);
            for (var word = 0; word < Sha256Lanes.StateWords && lane < count; word++)
            {
                BinaryPrimitives.WriteUInt32BigEndian(
                    content[(word * sizeof(uint))..], digests[(lane * Sha256Lanes.StateWords) + word]);
            }

            content[ChunkId.Length] = EndOfMessage;
            BinaryPrimitives.WriteUInt64BigEndian(content[^sizeof(ulong)..], 8 * (BlockBytes + ChunkId.Length));
        }

        var state = stackalloc Vector512<uint>[Sha256Lanes.StateWords];
        Spread(_outer, state);
        Sha256Lanes.Compress(state, pointers, 1);
        Span<byte> digest = stackalloc byte[ChunkId.Length];
        for (var lane = 0; lane < count; lane++)
        {
            for (var word = 0; word < Sha256Lanes.StateWords; word++)
            {
                BinaryPrimitives.WriteUInt32BigEndian(
                    digest[(word * sizeof(uint))..], ((uint*)state)[(word * Lanes) + lane]);
            }

            codes[lane] = ChunkId.Read(digest);
        }
    }
}
