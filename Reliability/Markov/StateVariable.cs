namespace Continuity.Reliability.Markov;

/// <summary>One integer variable of a <see cref="StateModel"/>: a count of working units, a flag, a phase.</summary>
/// <remarks>Made by <see cref="StateModel.AddVariable"/>; a variable belongs to the model that made it.</remarks>
public sealed class StateVariable
{
    internal StateVariable(string name, int minimum, int maximum, int initial, int index)
    {
        Name = name;
        Minimum = minimum;
        Maximum = maximum;
        Initial = initial;
        Index = index;
    }

    /// <summary>The name, unique in its model.</summary>
    public string Name { get; }

    /// <summary>The smallest value a state may hold.</summary>
    public int Minimum { get; }

    /// <summary>The largest value a state may hold.</summary>
    public int Maximum { get; }

    /// <summary>The value at time zero.</summary>
    public int Initial { get; }

    internal int Index { get; }
}
