using System.Globalization;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.CommonCause;

/// <summary>Makes common causes part of a graph, whose basic events are then independent again.</summary>
/// <remarks>
/// Each member becomes a gate of its own id that is true when any event is that fails a set of members it belongs to:
/// <c>group{a}</c> for itself alone, <c>group{a, b}</c> with another, and so on. A set's event is one node, shared by
/// its members. The gate's probability is below the total of the member by the chance that two causes meet, which is
/// what every use of these models accepts.
/// </remarks>
public static class CommonCauseExpansion
{
    /// <summary>The largest group whose sets are all written out: 4,095 events.</summary>
    public const int MaximumMembers = 12;

    /// <summary>The graph with the groups' common causes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="groups">The groups; a basic event may be in one of them.</param>
    /// <exception cref="InvalidModelException">Groups that do not fit the graph: all errors at once.</exception>
    public static FaultGraph Apply(FaultGraph graph, IEnumerable<CommonCauseGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(groups);
        CommonCauseGroup[] all = [.. groups];
        var errors = new List<ModelError>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in all)
        {
            Check(graph, group, taken, errors);
        }

        if (errors.Count > 0)
        {
            throw new InvalidModelException(errors);
        }

        var copy = new GraphCopy(graph);
        foreach (var group in all)
        {
            Expand(graph, group, copy);
        }

        return copy.Build();
    }

    private static void Check(
        FaultGraph graph, CommonCauseGroup group, HashSet<string> taken, List<ModelError> errors)
    {
        var size = group.Members.IsDefault ? 0 : group.Members.Length;
        if (size is < 2 or > MaximumMembers && !(group.Model is BetaFactor && size >= 2))
        {
            errors.Add(new ModelError(
                group.Id, $"the group has {size} members; expected 2 to {MaximumMembers} (any with a beta factor)."));
            return;
        }

        if (group.Model.Refusal(size) is { } refusal)
        {
            errors.Add(new ModelError(group.Id, refusal));
        }

        double? first = null;
        foreach (var member in group.Members)
        {
            if (!graph.TryFind(member, out var node) || node.Kind != NodeKind.Event)
            {
                errors.Add(new ModelError(group.Id, $"its member '{member}' is no basic event of '{graph.Name}'."));
                continue;
            }

            if (!taken.Add(member))
            {
                errors.Add(new ModelError(group.Id, $"'{member}' is in a group already; one is allowed."));
            }

            var probability = graph.Events[node.Index].Probability;
            first ??= probability;
            if (Math.Abs(probability - first.Value) > 1e-12 * first.Value)
            {
                errors.Add(new ModelError(
                    group.Id,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"'{member}' has the probability {probability:R}, the first member {first:R}; ")
                    + "the models are for components of equal probability."));
            }
        }
    }

    private static void Expand(FaultGraph graph, CommonCauseGroup group, GraphCopy copy)
    {
        var total = graph.Events[graph.IndexOfEvent(group.Members[0])].Probability;
        var shares = group.Model.Shares(group.Members.Length);
        var causes = group.Members.Select(_ => new List<string>()).ToArray();
        foreach (var set in Sets(group.Members.Length, shares))
        {
            var id = $"{group.Id}{{{string.Join(", ", set.Select(index => group.Members[index]))}}}";
            copy.AddEvent(id, shares[set.Length - 1] * total);
            foreach (var index in set)
            {
                causes[index].Add(id);
            }
        }

        for (var i = 0; i < causes.Length; i++)
        {
            copy.ReplaceEvent(group.Members[i], GateKind.Or, causes[i]);
        }
    }

    // Sets of sizes that have no share are never made: a beta factor of a hundred members has 101.
    private static IEnumerable<int[]> Sets(int members, double[] shares)
    {
        for (var size = 1; size <= members; size++)
        {
            // A member without any cause still needs an event: that of failing alone, even if its probability is 0.
            if (shares[size - 1] == 0 && size > 1)
            {
                continue;
            }

            var set = Enumerable.Range(0, size).ToArray();
            while (true)
            {
                yield return [.. set];
                var place = size - 1;
                while (place >= 0 && set[place] == members - size + place)
                {
                    place--;
                }

                if (place < 0)
                {
                    break;
                }

                set[place]++;
                for (var i = place + 1; i < size; i++)
                {
                    set[i] = set[i - 1] + 1;
                }
            }
        }
    }
}
