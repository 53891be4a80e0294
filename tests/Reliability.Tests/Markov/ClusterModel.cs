using Continuity.Reliability.Markov;

namespace Continuity.Reliability.Tests.Markov;

/// <summary>Two clusters of workstations, a switch each, a backbone between them and one repair unit.</summary>
internal sealed class ClusterModel
{
    private const double WorkstationFails = 1.0 / 500;
    private const double SwitchFails = 1.0 / 4000;
    private const double BackboneFails = 1.0 / 5000;
    private const double Inspects = 10;

    private readonly StateModel _model = new();
    private readonly StateVariable _repairing;
    private readonly StateVariable _left;
    private readonly StateVariable _right;
    private readonly StateVariable _toLeft;
    private readonly StateVariable _toRight;
    private readonly StateVariable _line;

    public ClusterModel(int workstations)
    {
        Workstations = workstations;
        _repairing = _model.AddFlag("repairing", false);
        _left = AddUnits("left", workstations, WorkstationFails, 2);
        _right = AddUnits("right", workstations, WorkstationFails, 2);
        _toLeft = AddUnits("toleft", 1, SwitchFails, 0.25);
        _toRight = AddUnits("toright", 1, SwitchFails, 0.25);
        _line = AddUnits("line", 1, BackboneFails, 0.125);
    }

    public int Workstations { get; }

    public StateSpace Explore() => _model.Explore(TestContext.Current.CancellationToken);

    public StateSet Minimum(StateSpace space) => Delivers(space, (int)Math.Floor(0.75 * Workstations));

    public StateSet Premium(StateSpace space) => Delivers(space, Workstations);

    public double[] PercentOperational(StateSpace space) =>
        space.Rewards(state => 100.0 * (state[_left] + state[_right]) / (2 * Workstations));

    public static double[] Repairs(StateSpace space) =>
        space.ImpulseRates(transition => transition.Name.StartsWith("repair", StringComparison.Ordinal) ? 1 : 0);

    private StateVariable AddUnits(string name, int count, double fails, double repaired)
    {
        var working = _model.AddVariable(name, 0, count, count);
        var inRepair = _model.AddFlag($"{name} in repair", false);
        _model.AddTransition(
            $"fail {name}",
            state => state[working] > 0,
            state => fails * state[working],
            next => next[working]--);
        _model.AddTransition(
            $"start {name}",
            state => state[inRepair] == 0 && state[working] < count && state[_repairing] == 0,
            Inspects,
            next => next[inRepair] = next[_repairing] = 1);
        _model.AddTransition(
            $"repair {name}",
            state => state[inRepair] == 1,
            repaired,
            next =>
            {
                next[inRepair] = next[_repairing] = 0;
                next[working]++;
            });
        return working;
    }

    private StateSet Delivers(StateSpace space, int enough) => space.Where(state =>
        (state[_left] >= enough && state[_toLeft] == 1)
        || (state[_right] >= enough && state[_toRight] == 1)
        || (state[_left] + state[_right] >= enough
            && state[_toLeft] == 1 && state[_line] == 1 && state[_toRight] == 1));
}
