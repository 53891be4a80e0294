namespace Continuity.Reliability.Decisions;

/// <summary>
/// A store of reduced, ordered binary decision diagrams with complement edges, on flat arrays (Brace, Rudell, Bryant
/// 1990).
/// </summary>
/// <remarks>
/// The low edge is never negated, so that a node is false where all its variables are: a coherent function has no
/// negated
/// edge at all. A node's children always have smaller indices than the node, which makes every pass over a diagram a
/// loop. Operations keep their own stack. Not safe for use by several threads.
/// </remarks>
internal sealed class DecisionDiagram : IDisposable
{
    private const int MaxCache = 1 << 24;
    private const int StepsBetweenChecks = 1 << 14;

    private readonly NodeTable _nodes;
    private CancellationToken _cancellationToken;
    private PageArray<CacheEntry> _cache = EmptyCache(NodeTable.FirstCapacity);
    private Frame[] _frames = new Frame[64];
    private int _depth;
    private int _steps = StepsBetweenChecks;

    /// <param name="maxNodes">Making more nodes than this throws <see cref="NodeBudgetException"/>.</param>
    /// <param name="cancellationToken">Looked at every few thousand steps.</param>
    public DecisionDiagram(int maxNodes, CancellationToken cancellationToken)
    {
        _nodes = new NodeTable(terminals: 1, maxNodes);
        _cancellationToken = cancellationToken;
    }

    /// <summary>Nodes in the store, garbage and the constant included.</summary>
    public int Count => _nodes.Count;

    /// <summary>The largest <see cref="Count"/> so far.</summary>
    public int Peak { get; private set; } = 1;

    public ReadOnlySpan<DecisionNode> Nodes => _nodes.Nodes;

    /// <summary>How many nodes it may grow to.</summary>
    public int MaxNodes
    {
        get => _nodes.MaxNodes;
        set => _nodes.MaxNodes = value;
    }

    /// <summary>The level of a function's topmost variable; larger than any other for a constant.</summary>
    public int LevelOf(int edge) => _nodes[edge >> 1].Level;

    /// <summary>Empties the store, for another diagram with another budget.</summary>
    public void Reset(int maxNodes, CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        _nodes.Reset(maxNodes);
        Peak = 1;
        if (_cache.Length > _nodes.Capacity)
        {
            _cache.Dispose();
            _cache = EmptyCache(_nodes.Capacity);
            return;
        }

        _cache.Span.Clear();
    }

    public void Dispose()
    {
        _nodes.Dispose();
        _cache.Dispose();
    }

    /// <summary>The function that is the variable of a level.</summary>
    public int Variable(int level) => MakeNode(level, Edge.False, Edge.True);

    public int And(int f, int g) => IfThenElse(f, g, Edge.False);

    public int Or(int f, int g) => IfThenElse(f, Edge.True, g);

    public int Xor(int f, int g) => IfThenElse(f, Edge.Not(g), g);

    /// <summary>"If f then g else h", of which every binary operation is a case.</summary>
    public int IfThenElse(int f, int g, int h)
    {
        _depth = 0;
        var result = Begin(f, g, h);
        while (_depth > 0)
        {
            ref var frame = ref _frames[_depth - 1];
            switch (frame.State)
            {
                case FrameState.AtLow:
                    frame.State = FrameState.AtHigh;
                    result = Begin(Low(frame.F, frame.Level), Low(frame.G, frame.Level), Low(frame.H, frame.Level));
                    break;
                case FrameState.AtHigh:
                    frame.State = FrameState.AtEnd;
                    frame.LowResult = result;
                    result = Begin(High(frame.F, frame.Level), High(frame.G, frame.Level), High(frame.H, frame.Level));
                    break;
                default:
                    result = End(ref frame, result);
                    break;
            }
        }

        return result;
    }

    /// <summary>The node (level, low, high), made when it is not there; the result is negated when low is.</summary>
    public int MakeNode(int level, int low, int high)
    {
        if (low == high)
        {
            return low;
        }

        var negated = low & 1;
        low ^= negated;
        high ^= negated;
        var index = _nodes.GetOrAdd(level, low, high);
        Peak = Math.Max(Peak, _nodes.Count);
        GrowCache();
        return (index << 1) | negated;
    }

    /// <summary>How many nodes the roots reach, the constant included.</summary>
    public int CountReached(ReadOnlySpan<int> roots) => Mark(roots).Sum();

    /// <summary>Keeps what the roots reach, in the same relative order, and rewrites the roots.</summary>
    public void Collect(Span<int> roots)
    {
        var place = Mark(roots);
        Compact(place);
        foreach (ref var root in roots)
        {
            root = (place[Edge.Node(root)] << 1) | (root & 1);
        }
    }

    // One for each node that is reached.
    private int[] Mark(ReadOnlySpan<int> roots)
    {
        var marks = new int[_nodes.Count];
        marks[0] = 1;
        foreach (var root in roots)
        {
            marks[Edge.Node(root)] = 1;
        }

        for (var i = marks.Length - 1; i > 0; i--)
        {
            if (marks[i] != 0)
            {
                marks[Edge.Node(_nodes[i].Low)] = 1;
                marks[Edge.Node(_nodes[i].High)] = 1;
            }
        }

        return marks;
    }

    private void Compact(int[] place)
    {
        _cache.Span.Clear();
        place[0] = 0;
        var count = _nodes.Count;
        _nodes.Clear();
        for (var i = 1; i < count; i++)
        {
            if (place[i] == 0)
            {
                continue;
            }

            // Never overwrites what is still to be read: nodes only move down.
            ref var from = ref _nodes[i];
            var low = place[Edge.Node(from.Low)] << 1;
            var high = (place[Edge.Node(from.High)] << 1) | (from.High & 1);
            place[i] = _nodes.Append(from.Level, low, high);
        }
    }

    private static PageArray<CacheEntry> EmptyCache(int length)
    {
        var cache = new PageArray<CacheEntry>(length);
        cache.Span.Clear();
        return cache;
    }

    private static uint PlaceOf(int f, int g, int h, int length) => NodeTable.Hash(f, g, h) & (uint)(length - 1);

    // What is known stays known: an operation that stopped at a budget goes on quickly from where it was.
    private void GrowCache()
    {
        if (_cache.Length >= _nodes.Capacity || _cache.Length >= MaxCache)
        {
            return;
        }

        var cache = EmptyCache(_nodes.Capacity);
        foreach (ref var entry in _cache.Span)
        {
            if (entry.F != Edge.False)
            {
                cache[PlaceOf(entry.F, entry.G, entry.H, cache.Length)] = entry;
            }
        }

        _cache.Dispose();
        _cache = cache;
    }

    // The result when it is known at once; otherwise pushes a frame and the value returned means nothing.
    private int Begin(int f, int g, int h)
    {
        var negated = 0;
        if (!Normalize(ref f, ref g, ref h, ref negated))
        {
            return f ^ negated;
        }

        ref var entry = ref _cache[PlaceOf(f, g, h, _cache.Length)];
        if (entry.F == f && entry.G == g && entry.H == h)
        {
            return entry.Result ^ negated;
        }

        Push(f, g, h, negated);
        return Edge.False;
    }

    private void Push(int f, int g, int h, int negated)
    {
        if (--_steps == 0)
        {
            _steps = StepsBetweenChecks;
            _cancellationToken.ThrowIfCancellationRequested();
        }

        if (_depth == _frames.Length)
        {
            Array.Resize(ref _frames, _depth * 2);
        }

        var level = Math.Min(Level(f), Math.Min(Level(g), Level(h)));
        _frames[_depth++] = new Frame { F = f, G = g, H = h, Level = level, Negated = negated };
    }

    private int End(ref Frame frame, int high)
    {
        var result = MakeNode(frame.Level, frame.LowResult, high);
        _cache[PlaceOf(frame.F, frame.G, frame.H, _cache.Length)] =
            new CacheEntry { F = frame.F, G = frame.G, H = frame.H, Result = result };
        _depth--;
        return result ^ frame.Negated;
    }

    // False when the answer is simple, and then in f. Otherwise one canonical triple stands for all equal ones:
    // a conjunction (f, g, 0) with f < g, an equivalence (f, g, not g) of two plain edges, or f and g not negated.
    private static bool Normalize(ref int f, ref int g, ref int h, ref int negated)
    {
        if (f <= Edge.True)
        {
            f = f == Edge.True ? g : h;
            return false;
        }

        g = g == f ? Edge.True : g == Edge.Not(f) ? Edge.False : g;
        h = h == f ? Edge.False : h == Edge.Not(f) ? Edge.True : h;
        if (g == h)
        {
            f = g;
            return false;
        }

        if (h == Edge.False)
        {
            return NormalizeAnd(ref f, ref g);
        }

        if (g == Edge.False)
        {
            (f, g, h) = (Edge.Not(f), h, Edge.False);
            return NormalizeAnd(ref f, ref g);
        }

        if (g == Edge.True)
        {
            (f, g, h, negated) = (Edge.Not(f), Edge.Not(h), Edge.False, 1);
            return NormalizeAnd(ref f, ref g);
        }

        if (h == Edge.True)
        {
            (g, h, negated) = (Edge.Not(g), Edge.False, 1);
            return NormalizeAnd(ref f, ref g);
        }

        if (Edge.IsNegated(f))
        {
            (f, g, h) = (Edge.Not(f), h, g);
        }

        negated = g & 1;
        g ^= negated;
        h ^= negated;
        if (h == Edge.Not(g) && f > g)
        {
            (f, g, h) = (g, f, Edge.Not(f));
        }

        return true;
    }

    private static bool NormalizeAnd(ref int f, ref int g)
    {
        if (f > g)
        {
            (f, g) = (g, f);
        }

        if (f <= Edge.True)
        {
            f = f == Edge.True ? g : Edge.False;
            return false;
        }

        if (f == g)
        {
            return false;
        }

        if (f == Edge.Not(g))
        {
            f = Edge.False;
            return false;
        }

        return true;
    }

    private int Level(int edge) => _nodes[edge >> 1].Level;

    private int Low(int edge, int level)
    {
        ref var node = ref _nodes[edge >> 1];
        return node.Level == level ? node.Low ^ (edge & 1) : edge;
    }

    private int High(int edge, int level)
    {
        ref var node = ref _nodes[edge >> 1];
        return node.Level == level ? node.High ^ (edge & 1) : edge;
    }

    private enum FrameState : byte
    {
        AtLow,
        AtHigh,
        AtEnd,
    }

    private struct CacheEntry
    {
        // An empty entry is (0, 0, 0), which is never asked for: it is simple.
        public int F;
        public int G;
        public int H;
        public int Result;
    }

    private struct Frame
    {
        public int F;
        public int G;
        public int H;
        public int Level;
        public int LowResult;
        public int Negated;
        public FrameState State;
    }
}
