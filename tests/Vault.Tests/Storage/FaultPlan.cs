namespace Continuity.Vault.Tests.Storage;

/// <summary>Decides which operation of a <see cref="FaultyBlobStore"/> goes wrong, and how. Thread-safe.</summary>
public sealed class FaultPlan
{
    private readonly Func<long, Fault> _decide;
    private readonly Lock _lock = new();

    private FaultPlan(string description, Func<long, Fault> decide)
    {
        Description = description;
        _decide = decide;
    }

    /// <summary>Gets a plan in which nothing fails: run it first to learn how many operations there are.</summary>
    public static FaultPlan Nothing { get; } = new("no fault", _ => Fault.None);

    /// <summary>Gets what replays the plan, for messages.</summary>
    public string Description { get; }

    /// <summary>One fault at one operation: enumerate all pairs to visit every crash point.</summary>
    public static FaultPlan At(long operation, Fault fault) =>
        new($"{fault} at operation {operation}", current => current == operation ? fault : Fault.None);

    /// <summary>The same fault at every operation from one on: a disk that stays full, a network that stays
    /// down.</summary>
    public static FaultPlan From(long operation, Fault fault) =>
        new($"{fault} from operation {operation} on", current => current >= operation ? fault : Fault.None);

    /// <summary>Faults drawn from a seed.</summary>
    public static FaultPlan Seeded(int seed, double probability, params Fault[] faults)
    {
        var random = new Random(seed);
        return new FaultPlan(
            $"seed {seed}, probability {probability}",
            _ => random.NextDouble() < probability ? faults[random.Next(faults.Length)] : Fault.None);
    }

    internal Fault Decide(long operation)
    {
        lock (_lock)
        {
            return _decide(operation);
        }
    }
}
