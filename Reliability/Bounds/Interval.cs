namespace Continuity.Reliability.Bounds;

/// <summary>What is known about an input: how likely it is true, and how likely false.</summary>
/// <remarks>Both are kept, as taking a number near 1 from 1 would lose the other.</remarks>
/// <param name="True">The least and the most that its probability can be.</param>
/// <param name="False">The same of its complement.</param>
internal readonly record struct Interval((double Least, double Most) True, (double Least, double Most) False)
{
    public static Interval Exactly(double probability) =>
        new((probability, probability), (1 - probability, 1 - probability));

    public bool IsExact => True.Least == True.Most;

    public double Middle => (True.Least + True.Most) / 2;
}
