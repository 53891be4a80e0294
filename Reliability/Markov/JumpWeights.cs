namespace Continuity.Reliability.Markov;

/// <summary>The weights of all numbers of jumps.</summary>
internal sealed class JumpWeights
{
    private readonly PoissonWindow _window;
    private readonly double[] _integrals;

    public JumpWeights(double mean, int reach)
    {
        _window = new PoissonWindow(mean, reach + 1);
        _integrals = new double[_window.Right - _window.Left + 1];
        for (var i = _integrals.Length - 1; i > 0; i--)
        {
            _integrals[i - 1] = _integrals[i] + _window.Tail(_window.Left + i);
        }
    }

    public int Right => _window.Right;

    public JumpWeight At(int jumps) => new(_window.Weight(jumps), _window.Tail(jumps), Integral(jumps));

    /// <summary>The weights from this number of jumps on together, if each step loses a fixed part of the vector.
    /// </summary>
    public JumpWeight Rest(int jumps, double decay)
    {
        var (now, occupied, integral) = (0.0, 0.0, 0.0);
        var step = decay < 1 ? Math.Log(1 - decay) : double.NegativeInfinity;
        if (decay < 1e-3)
        {
            step = -decay - (decay * decay / 2) - (decay * decay * decay / 3);
        }

        for (var k = Right; k >= jumps; k--)
        {
            var left = k == jumps ? 1 : Math.Exp(step * (k - jumps));
            var weight = At(k);
            now += left * weight.Now;
            occupied += left * weight.Occupied;
            integral += left * weight.Integral;
        }

        return new JumpWeight(now, occupied, integral);
    }

    private double Integral(int jumps) => jumps < _window.Left
        ? _integrals[0] + _window.Tail(_window.Left) + (_window.Left - 1 - jumps)
        : jumps > _window.Right ? 0 : _integrals[jumps - _window.Left];
}
