using Continuity.Reliability.Decisions;

namespace Continuity.Reliability.CutSets;

/// <summary>A store of families of sets as zero-suppressed decision diagrams (Minato 1993).</summary>
/// <remarks>
/// Node 0 is the empty family, node 1 the family of the empty set; a node holds the sets without its variable (low) and
/// those with it (high). Every family stored here is an antichain: none of its sets includes another.
/// </remarks>
internal sealed class ZeroSuppressedDiagram
{
    public const int Empty = 0;
    public const int Unit = 1;

    private const int FirstCapacity = 1 << 10;
    private const int MaxCache = 1 << 23;
    private const int StepsBetweenChecks = 1 << 14;
    private const int TerminalLevel = int.MaxValue;

    private readonly int _maxNodes;
    private readonly CancellationToken _cancellationToken;
    private DecisionNode[] _nodes = new DecisionNode[FirstCapacity];
    private int[] _buckets = new int[FirstCapacity];
    private CacheEntry[] _cache = new CacheEntry[FirstCapacity];
    private Frame[] _frames = new Frame[64];
    private int _depth;
    private int _count = 2;
    private int _steps = StepsBetweenChecks;

    public ZeroSuppressedDiagram(int maxNodes, CancellationToken cancellationToken)
    {
        _maxNodes = maxNodes;
        _cancellationToken = cancellationToken;
        _nodes[Empty].Level = _nodes[Unit].Level = TerminalLevel;
        Array.Fill(_buckets, -1);
    }

    public ReadOnlySpan<DecisionNode> Nodes => _nodes.AsSpan(0, _count);

    /// <summary>The family of these sets; no node when none holds the variable.</summary>
    public int MakeNode(int level, int low, int high)
    {
        if (high == Empty)
        {
            return low;
        }

        var bucket = Hash(level, low, high) & (uint)(_buckets.Length - 1);
        for (var i = _buckets[bucket]; i >= 0; i = _nodes[i].Next)
        {
            ref var node = ref _nodes[i];
            if (node.Low == low && node.High == high && node.Level == level)
            {
                return i;
            }
        }

        if (_count >= _maxNodes)
        {
            throw new NodeBudgetException();
        }

        if (_count == _nodes.Length)
        {
            Grow();
        }

        Link(_count, level, low, high);
        return _count++;
    }

    /// <summary>The sets of the first family that include no set of the second (Rauzy 1993).</summary>
    public int Without(int family, int other)
    {
        _depth = 0;
        var result = Begin(family, other);
        while (_depth > 0)
        {
            result = Advance(result);
        }

        return result;
    }

    private int Advance(int result)
    {
        ref var frame = ref _frames[_depth - 1];
        ref var family = ref _nodes[frame.Family];
        ref var other = ref _nodes[frame.Other];
        var same = family.Level == other.Level;
        switch (frame.State)
        {
            case FrameState.AtLow:
                frame.State = FrameState.AtHigh;
                return Begin(family.Low, same ? other.Low : frame.Other);
            case FrameState.AtHigh:
                frame.State = same ? FrameState.AtHighLow : FrameState.AtEnd;
                frame.Low = result;
                return Begin(family.High, same ? other.High : frame.Other);
            case FrameState.AtHighLow:
                // With the variable in both: what is left must not include a set without it either.
                frame.State = FrameState.AtEnd;
                return Begin(result, other.Low);
            default:
                result = MakeNode(family.Level, frame.Low, result);
                _cache[Hash(frame.Family, frame.Other, 0) & (uint)(_cache.Length - 1)] =
                    new CacheEntry { Family = frame.Family, Other = frame.Other, Result = result };
                _depth--;
                return result;
        }
    }

    private int Begin(int family, int other)
    {
        // Sets of the other family that hold a variable which this family is past can't be included in any of its sets.
        while (_nodes[other].Level < _nodes[family].Level)
        {
            other = _nodes[other].Low;
        }

        if (family == other || family == Empty || other == Unit)
        {
            return Empty;
        }

        if (other == Empty || family == Unit)
        {
            return family;
        }

        ref var entry = ref _cache[Hash(family, other, 0) & (uint)(_cache.Length - 1)];
        if (entry.Family == family && entry.Other == other)
        {
            return entry.Result;
        }

        if (--_steps == 0)
        {
            _steps = StepsBetweenChecks;
            _cancellationToken.ThrowIfCancellationRequested();
        }

        if (_depth == _frames.Length)
        {
            Array.Resize(ref _frames, _depth * 2);
        }

        _frames[_depth++] = new Frame { Family = family, Other = other };
        return Empty;
    }

    private void Link(int index, int level, int low, int high)
    {
        ref var bucket = ref _buckets[Hash(level, low, high) & (uint)(_buckets.Length - 1)];
        _nodes[index] = new DecisionNode { Level = level, Low = low, High = high, Next = bucket };
        bucket = index;
    }

    private void Grow()
    {
        var capacity = _nodes.Length * 2;
        Array.Resize(ref _nodes, capacity);
        _buckets = new int[capacity];
        Array.Fill(_buckets, -1);
        for (var i = 2; i < _count; i++)
        {
            ref var node = ref _nodes[i];
            Link(i, node.Level, node.Low, node.High);
        }

        if (_cache.Length < MaxCache)
        {
            _cache = new CacheEntry[capacity];
        }
    }

    private static uint Hash(int a, int b, int c)
    {
        var x = (((ulong)(uint)a << 32) | (uint)b) * 0x9E3779B97F4A7C15UL;
        x = (x ^ (x >> 32) ^ ((ulong)(uint)c * 0xC2B2AE3D27D4EB4FUL)) * 0x9E3779B97F4A7C15UL;
        return (uint)(x >> 32);
    }

    private enum FrameState : byte
    {
        AtLow,
        AtHigh,
        AtHighLow,
        AtEnd,
    }

    private struct CacheEntry
    {
        // An empty entry is (0, 0), which is never asked for.
        public int Family;
        public int Other;
        public int Result;
    }

    private struct Frame
    {
        public int Family;
        public int Other;
        public int Low;
        public FrameState State;
    }
}
