namespace Continuity.Reliability.Markov;

/// <summary>Packs the values of all variables into 128 bits, each in as few bits as its range needs.</summary>
internal sealed class StateLayout
{
    private const int MaximumBits = 128;

    private readonly int[] _shifts;
    private readonly UInt128[] _masks;
    private readonly int[] _minima;

    public StateLayout(IReadOnlyList<StateVariable> variables)
    {
        _shifts = new int[variables.Count];
        _masks = new UInt128[variables.Count];
        _minima = new int[variables.Count];
        var bits = 0;
        for (var i = 0; i < variables.Count; i++)
        {
            var range = (ulong)((long)variables[i].Maximum - variables[i].Minimum);
            var width = 64 - System.Numerics.BitOperations.LeadingZeroCount(range);
            _shifts[i] = bits;
            _masks[i] = (UInt128.One << width) - UInt128.One;
            _minima[i] = variables[i].Minimum;
            bits += width;
        }

        if (bits > MaximumBits)
        {
            throw new InvalidStateModelException(
                $"The variables need {bits} bits a state, more than the {MaximumBits} there are. Narrow their ranges, "
                + "or split the model into independent ones.");
        }
    }

    public UInt128 Pack(ReadOnlySpan<int> values)
    {
        var packed = UInt128.Zero;
        for (var i = 0; i < values.Length; i++)
        {
            packed |= (UInt128)(ulong)((long)values[i] - _minima[i]) << _shifts[i];
        }

        return packed;
    }

    public void Unpack(UInt128 packed, Span<int> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (int)((long)(ulong)((packed >> _shifts[i]) & _masks[i]) + _minima[i]);
        }
    }
}
