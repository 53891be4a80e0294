namespace Continuity.Reliability.Decisions;

/// <summary>
/// The unique table of a decision diagram: its nodes on one flat array, each found again by its level and children.
/// </summary>
/// <remarks>Not safe for use by several threads. A reference to a node ends with the next node that is made.</remarks>
internal sealed class NodeTable : IDisposable
{
    public const int FirstCapacity = 1 << 10;
    private const int SmallCapacity = 1 << 12;
    private const int TerminalLevel = int.MaxValue;

    private readonly int _terminals;
    private PageArray<DecisionNode> _nodes = new(FirstCapacity);
    private PageArray<int> _buckets = new(FirstCapacity);

    /// <param name="terminals">How many nodes are constants: the first ones, below every variable.</param>
    /// <param name="maxNodes">Making more nodes than this throws <see cref="NodeBudgetException"/>.</param>
    public NodeTable(int terminals, int maxNodes)
    {
        (_terminals, MaxNodes) = (terminals, maxNodes);
        Clear();
        MarkTerminals();
    }

    /// <summary>Nodes in the table, garbage and constants included.</summary>
    public int Count { get; private set; }

    public int Capacity => _nodes.Length;

    /// <summary>Making more nodes than this throws <see cref="NodeBudgetException"/>.</summary>
    public int MaxNodes { get; set; }

    public ReadOnlySpan<DecisionNode> Nodes => _nodes.Span[..Count];

    public ref DecisionNode this[int index] => ref _nodes[index];

    public static uint Hash(int a, int b, int c)
    {
        var x = (((ulong)(uint)a << 32) | (uint)b) * 0x9E3779B97F4A7C15UL;
        x = (x ^ (x >> 32) ^ ((ulong)(uint)c * 0xC2B2AE3D27D4EB4FUL)) * 0x9E3779B97F4A7C15UL;
        return (uint)(x >> 32);
    }

    /// <summary>The index of the node (level, low, high), made when it is not there.</summary>
    public int GetOrAdd(int level, int low, int high)
    {
        for (var i = _buckets[BucketOf(level, low, high)]; i >= 0; i = _nodes[i].Next)
        {
            ref var node = ref _nodes[i];
            if (node.Low == low && node.High == high && node.Level == level)
            {
                return i;
            }
        }

        if (Count >= MaxNodes)
        {
            throw new NodeBudgetException();
        }

        if (Count == _nodes.Length)
        {
            Grow();
        }

        return Append(level, low, high);
    }

    /// <summary>Forgets all nodes but the constants; the old ones stay readable until they are overwritten.</summary>
    public void Clear()
    {
        _buckets.Span.Fill(-1);
        Count = _terminals;
    }

    /// <summary>Adds a node that is known not to be there, within the capacity.</summary>
    public int Append(int level, int low, int high)
    {
        Link(Count, level, low, high);
        return Count++;
    }

    /// <summary>Empties the table for another diagram, and gives back what a large one took.</summary>
    public void Reset(int maxNodes)
    {
        MaxNodes = maxNodes;
        if (_nodes.Length > SmallCapacity)
        {
            Dispose();
            (_nodes, _buckets) = (new(FirstCapacity), new(FirstCapacity));
            MarkTerminals();
        }

        Clear();
    }

    public void Dispose()
    {
        _nodes.Dispose();
        _buckets.Dispose();
    }

    private uint BucketOf(int level, int low, int high) => Hash(level, low, high) & (uint)(_buckets.Length - 1);

    private void MarkTerminals()
    {
        foreach (ref var terminal in _nodes.Span[.._terminals])
        {
            terminal.Level = TerminalLevel;
        }
    }

    private void Link(int index, int level, int low, int high)
    {
        ref var bucket = ref _buckets[BucketOf(level, low, high)];
        _nodes[index] = new DecisionNode { Level = level, Low = low, High = high, Next = bucket };
        bucket = index;
    }

    private void Grow()
    {
        var nodes = new PageArray<DecisionNode>(_nodes.Length * 2);
        Nodes.CopyTo(nodes.Span);
        Dispose();
        (_nodes, _buckets) = (nodes, new(nodes.Length));
        _buckets.Span.Fill(-1);
        for (var i = _terminals; i < Count; i++)
        {
            ref var node = ref _nodes[i];
            Link(i, node.Level, node.Low, node.High);
        }
    }
}
