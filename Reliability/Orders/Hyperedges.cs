using System.Runtime.CompilerServices;
using Continuity.Reliability.Preprocessing;

namespace Continuity.Reliability.Orders;

/// <summary>
/// What a module's gates connect, as places on one line: the inputs are 0 to <see cref="Inputs"/> - 1, then the gates
/// in order. Each gate and its arguments are one hyperedge.
/// </summary>
internal sealed class Hyperedges
{
    private readonly int[] _starts;
    private readonly int[] _arguments;

    public Hyperedges(Module module)
    {
        (Inputs, Gates) = (module.Inputs.Length, module.Gates.Length);
        _starts = new int[Gates + 1];
        for (var g = 0; g < Gates; g++)
        {
            _starts[g + 1] = _starts[g] + module.Gates[g].Arguments.Length;
        }

        _arguments = new int[_starts[Gates]];
        var next = 0;
        foreach (var gate in module.Gates)
        {
            foreach (var argument in gate.Arguments)
            {
                _arguments[next++] = Literal.Node(argument) - 1;
            }
        }
    }

    public int Inputs { get; }

    public int Gates { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<int> Of(int gate) => _arguments.AsSpan(_starts[gate].._starts[gate + 1]);

    /// <summary>Where an order puts the inputs, and each gate between its arguments.</summary>
    public double[] Place(ReadOnlySpan<int> levels)
    {
        var place = new double[Inputs + Gates];
        for (var i = 0; i < Inputs; i++)
        {
            place[i] = levels[i];
        }

        for (var g = 0; g < Gates; g++)
        {
            place[Inputs + g] = Sum(g, place) / Of(g).Length;
        }

        return place;
    }

    /// <summary>The sum of the places of a gate's arguments.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Sum(int gate, double[] place)
    {
        var sum = 0.0;
        foreach (var argument in Of(gate))
        {
            sum += place[argument];
        }

        return sum;
    }

    /// <summary>The places between which a gate and its arguments lie.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (double Low, double High) Extent(int gate, double[] place)
    {
        var (low, high) = (place[Inputs + gate], place[Inputs + gate]);
        foreach (var argument in Of(gate))
        {
            low = Math.Min(low, place[argument]);
            high = Math.Max(high, place[argument]);
        }

        return (low, high);
    }

    /// <summary>
    /// How wide an order is: the most gates that lie across one of its levels, and how far all of them reach. The
    /// narrower order has the smaller diagram more often than not, and this costs next to nothing.
    /// </summary>
    public (int Cut, double Span) WidthOf(ReadOnlySpan<int> levels)
    {
        var place = Place(levels);
        var changes = new int[Inputs + 1];
        var span = 0.0;
        for (var g = 0; g < Gates; g++)
        {
            var (low, high) = Extent(g, place);
            changes[(int)low]++;
            changes[(int)high]--;
            span += high - low;
        }

        var (cut, widest) = (0, 0);
        foreach (var change in changes)
        {
            cut += change;
            widest = Math.Max(widest, cut);
        }

        return (widest, span);
    }
}
