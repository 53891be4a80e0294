namespace Continuity.Reliability.Uncertainty;

/// <summary>A random order of the numbers from 0 to n - 1, each place of which can be asked for alone.</summary>
/// <remarks>
/// A Feistel network over a rectangle of at least n cells, walked until it lands inside (J. Black and P. Rogaway,
/// Ciphers with arbitrary finite domains, 2002): no table of n numbers for each of hundreds of parameters. It shuffles
/// strata, and is no cipher.
/// </remarks>
internal readonly struct StratumOrder
{
    private const int Rounds = 4;

    private readonly uint _count;
    private readonly uint _rows;
    private readonly uint _columns;
    private readonly SampleStream _keys;

    public StratumOrder(int count, SampleStream keys)
    {
        _count = (uint)count;
        _rows = (uint)Math.Ceiling(Math.Sqrt(count));
        _columns = (_count + _rows - 1) / _rows;
        _keys = keys;
    }

    public long At(long place)
    {
        var cell = (uint)place;
        do
        {
            cell = Scramble(cell);
        }
        while (cell >= _count);

        return cell;
    }

    private uint Scramble(uint cell)
    {
        // The sides swap places and ranges each round; an even number of rounds puts them back.
        var (left, right) = (cell % _rows, cell / _rows);
        for (var round = 0; round < Rounds; round++)
        {
            var range = round % 2 == 0 ? _rows : _columns;
            var moved = left + (((_keys.Bits(((long)round << 40) + right) >> 32) * range) >> 32);
            (left, right) = (right, (uint)(moved < range ? moved : moved - range));
        }

        return (right * _rows) + left;
    }
}
