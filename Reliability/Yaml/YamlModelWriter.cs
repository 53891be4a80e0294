using System.Globalization;
using System.Text;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Yaml;

/// <summary>Writes a model in the schema that <see cref="YamlModelReader"/> reads.</summary>
public static class YamlModelWriter
{
    /// <summary>Writes what the top depends on, with all events.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="target">Receives the text; left open.</param>
    public static void Write(FaultGraph graph, TextWriter target)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(target);
        var excerpt = new ModelExcerpt(graph);
        target.WriteLine($"name: {Text(graph.Name)}");
        target.WriteLine($"top: {Text(excerpt.NameOf(graph.Top))}");
        Section(target, "events", graph.Events, item =>
        {
            var number = item.Probability.ToString("R", CultureInfo.InvariantCulture);
            return (item.Id, item.Label is { Length: > 0 } label
                ? $"{{ probability: {number}, label: {Text(label)} }}"
                : number);
        });
        Section(target, "houses", graph.HouseEvents, item => (item.Id, item.State ? "true" : "false"));
        Section(target, "gates", excerpt.Gates.Reverse(), index =>
        {
            var gate = graph.Gates[index];
            var label = gate.Label is { Length: > 0 } text ? $", label: {Text(text)}" : "";
            return (excerpt.NameOf(new GraphNode(NodeKind.Gate, index)), $"{{ {Formula(gate, excerpt)}{label} }}");
        });
    }

    private static void Section<T>(
        TextWriter target, string name, IEnumerable<T> items, Func<T, (string Id, string Value)> describe)
    {
        var isFirst = true;
        foreach (var (id, value) in items.Select(describe))
        {
            if (isFirst)
            {
                target.WriteLine($"{name}:");
                isFirst = false;
            }

            target.WriteLine($"  {Text(id)}: {value}");
        }
    }

    private static string Formula(Gate gate, ModelExcerpt excerpt)
    {
        var arguments = $"[{string.Join(", ", gate.Arguments.Select(node => Text(excerpt.NameOf(node))))}]";
        return gate.Kind == GateKind.AtLeast
            ? string.Create(CultureInfo.InvariantCulture, $"atleast: {gate.Threshold}, of: {arguments}")
            : $"{gate.Kind.ToString().ToLowerInvariant()}: {arguments}";
    }

    // Words stand as they are; everything else is quoted.
    private static string Text(string text)
    {
        if (text.Length > 0 && char.IsAsciiLetter(text[0])
            && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.'))
        {
            return text;
        }

        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            if (letter is '"' or '\\')
            {
                quoted.Append('\\').Append(letter);
            }
            else if (letter < ' ' || letter is >= '\u007f' and <= '\u00a0' or '\u2028' or '\u2029' or '\ufeff')
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            }
            else
            {
                quoted.Append(letter);
            }
        }

        return quoted.Append('"').ToString();
    }
}
