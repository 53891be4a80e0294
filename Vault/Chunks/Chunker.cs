namespace Continuity.Vault.Chunks;

/// <summary>Finds where the chunks of a stream end, by their content.</summary>
/// <remarks>
/// The cut points depend on the bytes since the last cut, on the parameters and on the table: never on how the stream
/// was split into calls, and never on the processor. One instance serves one stream at a time; it allocates nothing.
/// </remarks>
/// <param name="parameters">The sizes to cut to.</param>
/// <param name="table">The repository's secret numbers.</param>
public sealed class Chunker(ChunkerParameters parameters, GearTable table)
{
    /// <summary>
    /// Candidates that may be refused in one chunk before only the maximum cuts. Repetitive data can make every
    /// position a candidate; the limit keeps the cost of a chunk bounded, and it is part of the format.
    /// </summary>
    internal const int MaximumRefusals = 256;

    private readonly ushort _mask = (ushort)(ushort.MaxValue << (GearTable.HashBits - parameters.FilterBits));
    private readonly GearScanPath _path = GearScan.BestPath;
    private int _next;
    private int _refusals;

    /// <summary>Creates a chunker that scans with a given set of instructions.</summary>
    internal Chunker(ChunkerParameters parameters, GearTable table, GearScanPath path)
        : this(parameters, table)
    {
        if (!GearScan.IsSupported(path))
        {
            throw new PlatformNotSupportedException($"This processor cannot scan by {path}.");
        }

        _path = path;
    }

    /// <summary>Gets the sizes that this chunker cuts to.</summary>
    public ChunkerParameters Parameters => parameters;

    /// <summary>Finds the end of the chunk that starts at the first byte.</summary>
    /// <param name="data">
    /// The stream from the end of the last chunk on. After a result of 0 the next call starts at the same byte of the
    /// stream and has more of it; what was scanned already is not scanned again.
    /// </param>
    /// <param name="endOfStream">Whether <paramref name="data"/> reaches the end of the stream.</param>
    /// <returns>The length of the chunk, or 0 when more data is needed to tell (or no byte is left).</returns>
    /// <remarks>
    /// O(bytes between the minimum and the cut). A call with the maximum size at hand never returns 0.
    /// </remarks>
    public int FindCut(ReadOnlySpan<byte> data, bool endOfStream)
    {
        var limit = Math.Min(data.Length, parameters.MaximumBytes);
        var cut = limit > parameters.MinimumBytes ? FindContentCut(data[..limit]) : 0;
        if (cut == 0 && (limit == parameters.MaximumBytes || endOfStream))
        {
            cut = limit;
        }

        if (cut > 0)
        {
            Reset();
        }

        return cut;
    }

    /// <summary>Forgets the chunk that was begun, as for the start of a new stream.</summary>
    public void Reset()
    {
        _next = 0;
        _refusals = 0;
    }

    private int FindContentCut(ReadOnlySpan<byte> data)
    {
        // A cut lies after its candidate byte; the first one allowed makes a chunk of the minimum size.
        _next = Math.Max(_next, parameters.MinimumBytes - 1);
        while (_refusals < MaximumRefusals)
        {
            var candidate = GearScan.Find(_path, data, _next, table, _mask);
            if (candidate < 0)
            {
                _next = data.Length;
                return 0;
            }

            _next = candidate + 1;
            if (IsConfirmed(data[.._next]))
            {
                return _next;
            }

            _refusals++;
        }

        return 0;
    }

    private bool IsConfirmed(ReadOnlySpan<byte> chunk)
    {
        var bits = chunk.Length < parameters.TargetBytes ? parameters.EarlyConfirmBits : parameters.LateConfirmBits;
        return (table.Confirm(chunk[^GearTable.ConfirmWindowBytes..]) & ((1UL << bits) - 1)) == 0;
    }
}
