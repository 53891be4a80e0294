using Continuity.Reliability.Decisions;

namespace Continuity.Reliability.CutSets;

/// <summary>A store of families of sets as zero-suppressed decision diagrams (Minato 1993).</summary>
/// <remarks>
/// Node 0 is the empty family, node 1 the family of the empty set; a node holds the sets without its variable (low) and
/// those with it (high). Every family stored here is an antichain: none of its sets includes another.
/// </remarks>
internal sealed class ZeroSuppressedDiagram : IDisposable
{
    public const int Empty = 0;
    public const int Unit = 1;

    private const int MaxCache = 1 << 23;
    private const int StepsBetweenChecks = 1 << 14;

    private readonly NodeTable _nodes;
    private readonly CancellationToken _cancellationToken;
    private CacheEntry[] _cache = new CacheEntry[NodeTable.FirstCapacity];
    private Frame[] _frames = new Frame[64];
    private int _depth;
    private int _steps = StepsBetweenChecks;

    public ZeroSuppressedDiagram(int maxNodes, CancellationToken cancellationToken)
    {
        _nodes = new NodeTable(terminals: 2, maxNodes);
        _cancellationToken = cancellationToken;
    }

    public ReadOnlySpan<DecisionNode> Nodes => _nodes.Nodes;

    /// <summary>The family of these sets; no node when none holds the variable.</summary>
    public int MakeNode(int level, int low, int high)
    {
        if (high == Empty)
        {
            return low;
        }

        var index = _nodes.GetOrAdd(level, low, high);
        if (_cache.Length < _nodes.Capacity && _cache.Length < MaxCache)
        {
            _cache = new CacheEntry[_nodes.Capacity];
        }

        return index;
    }

    public void Dispose() => _nodes.Dispose();

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
                _cache[NodeTable.Hash(frame.Family, frame.Other, 0) & (uint)(_cache.Length - 1)] =
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

        ref var entry = ref _cache[NodeTable.Hash(family, other, 0) & (uint)(_cache.Length - 1)];
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
