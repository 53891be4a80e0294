using System.Globalization;
using System.Xml;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.OpenPsa;

/// <summary>Writes a model in the Open-PSA Model Exchange Format (2.0d).</summary>
/// <remarks>
/// The format has no word for the top: only the gates it depends on are written, so that it is the one gate which no
/// other uses. Probabilities are written in full, and read back as the same numbers.
/// </remarks>
public static class OpenPsaWriter
{
    // Without a declaration, which would name the encoding of the text writer and not that of the file.
    private static readonly XmlWriterSettings _settings = new()
    {
        Indent = true, CloseOutput = false, OmitXmlDeclaration = true,
    };

    /// <summary>Writes a model.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="target">Receives the text; left open.</param>
    /// <exception cref="InvalidModelException">Names or labels hold characters that XML has no place for.</exception>
    public static void Write(FaultGraph graph, TextWriter target)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(target);
        Check(graph);
        using var writer = XmlWriter.Create(target, _settings);
        writer.WriteStartElement("opsa-mef");
        writer.WriteStartElement("define-fault-tree");
        writer.WriteAttributeString("name", graph.Name);
        WriteGates(graph, writer);
        foreach (var basicEvent in graph.Events)
        {
            Start(writer, "define-basic-event", basicEvent.Id, basicEvent.Label);
            WriteValue(writer, "float", basicEvent.Probability.ToString("R", CultureInfo.InvariantCulture));
        }

        foreach (var house in graph.HouseEvents)
        {
            Start(writer, "define-house-event", house.Id, house.Label);
            WriteValue(writer, "constant", house.State ? "true" : "false");
        }

        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private static void WriteGates(FaultGraph graph, XmlWriter writer)
    {
        var excerpt = new ModelExcerpt(graph);
        foreach (var index in excerpt.Gates.Reverse())
        {
            var gate = graph.Gates[index];
            Start(writer, "define-gate", excerpt.NameOf(new GraphNode(NodeKind.Gate, index)), gate.Label);
            writer.WriteStartElement(gate.Kind.ToString().ToLowerInvariant());
            if (gate.Kind == GateKind.AtLeast)
            {
                writer.WriteAttributeString("min", gate.Threshold.ToString(CultureInfo.InvariantCulture));
            }

            foreach (var argument in gate.Arguments)
            {
                WriteReference(writer, argument, excerpt);
            }

            writer.WriteEndElement();
            writer.WriteEndElement();
        }

        if (excerpt.TopAlias is { } alias)
        {
            Start(writer, "define-gate", alias, null);
            WriteReference(writer, graph.Top, excerpt);
            writer.WriteEndElement();
        }
    }

    private static void Start(XmlWriter writer, string element, string name, string? label)
    {
        writer.WriteStartElement(element);
        writer.WriteAttributeString("name", name);
        if (!string.IsNullOrEmpty(label))
        {
            writer.WriteElementString("label", label);
        }
    }

    private static void WriteReference(XmlWriter writer, GraphNode node, ModelExcerpt excerpt)
    {
        writer.WriteStartElement(node.Kind switch
        {
            NodeKind.Event => "basic-event",
            NodeKind.House => "house-event",
            _ => "gate",
        });
        writer.WriteAttributeString("name", excerpt.NameOf(node));
        writer.WriteEndElement();
    }

    private static void WriteValue(XmlWriter writer, string element, string value)
    {
        writer.WriteStartElement(element);
        writer.WriteAttributeString("value", value);
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private static void Check(FaultGraph graph)
    {
        var texts = graph.Events.Select(item => (item.Id, item.Label))
            .Concat(graph.HouseEvents.Select(item => (item.Id, item.Label)))
            .Concat(graph.Gates.Select(item => (item.Id, item.Label)))
            .Prepend((graph.Name, null));
        var errors = texts.Where(item => !IsText(item.Item1) || !IsText(item.Item2 ?? ""))
            .Select(item => new ModelError(item.Item1, "a character of its name or label cannot stand in XML."))
            .ToList();
        if (errors.Count > 0)
        {
            throw new InvalidModelException(errors);
        }
    }

    private static bool IsText(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!XmlConvert.IsXmlChar(text[i])
                && !(i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i++])))
            {
                return false;
            }
        }

        return true;
    }
}
