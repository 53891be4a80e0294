using System.Globalization;
using System.Xml;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.OpenPsa;

/// <summary>Goes through a document once, element by element, with a stack of its own for nested formulas.</summary>
internal sealed class DocumentWalk(XmlReader reader, ModelDrafts model)
{
    private static readonly HashSet<string> _containers =
        new(["opsa-mef", "define-fault-tree", "model-data"], StringComparer.Ordinal);

    private static readonly HashSet<string> _references =
        new(["gate", "basic-event", "house-event", "event"], StringComparer.Ordinal);

    private OpenDefinition? _definition;

    private int Line => ((IXmlLineInfo)reader).LineNumber;

    public void Run(CancellationToken cancellationToken)
    {
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    var isEmpty = reader.IsEmptyElement;
                    var name = reader.LocalName;
                    Open(name);
                    if (isEmpty)
                    {
                        Close(name);
                    }

                    break;
                case XmlNodeType.EndElement:
                    Close(reader.LocalName);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    Text(reader.Value);
                    break;
            }
        }
    }

    private void Open(string name)
    {
        if (_definition is not null)
        {
            OpenWithin(_definition, name);
        }
        else if (name is "define-gate" or "define-basic-event" or "define-house-event")
        {
            _definition = new OpenDefinition(name, Attribute("name"), Line);
        }
        else if (name is "opsa-mef" or "define-fault-tree")
        {
            if (reader.GetAttribute("name") is { Length: > 0 } title)
            {
                model.Name(title);
            }
        }
        else if (name is not ("label" or "model-data"))
        {
            Unknown(name);
        }
    }

    private void OpenWithin(OpenDefinition definition, string name)
    {
        if (OpenFormula.KindOf(name) is { } kind)
        {
            definition.Formulas.Push(new OpenFormula(kind, kind == GateKind.AtLeast ? Threshold(definition) : 0, Line));
        }
        else if (_references.Contains(name))
        {
            Argument(definition, Attribute("name"));
        }
        else if (name == "constant" && definition.Element == "define-house-event")
        {
            definition.Constant = ParseState(definition, Attribute("value"));
        }
        else if (name is "float" or "int" && definition.Element == "define-basic-event")
        {
            definition.Number = ParseNumber(definition, Attribute("value"));
        }
        else if (name != "label")
        {
            Unknown(name);
        }
    }

    private void Close(string name)
    {
        if (_definition is not { } definition)
        {
            return;
        }

        if (name == definition.Element)
        {
            _definition = null;
            Add(definition);
        }
        else if (OpenFormula.KindOf(name) is not null && definition.Formulas.TryPop(out var formula))
        {
            if (definition.Formulas.Count > 0)
            {
                definition.Formulas.Peek().Arguments.Add(model.AddNested(formula));
            }
            else if (definition.Formula is null && definition.Alias is null)
            {
                definition.Formula = formula;
            }
            else
            {
                model.Fail(
                    definition.Id, "the gate has more than one formula: join them by <and> or <or>.", formula.Line);
            }
        }
    }

    private void Text(string value)
    {
        if (_definition is { Formulas.Count: 0 } definition)
        {
            definition.Label = value.Trim();
        }
    }

    private void Add(OpenDefinition definition)
    {
        switch (definition.Element)
        {
            case "define-basic-event":
                model.AddEvent(definition.Id, definition.Number, definition.Label, definition.Line);
                break;
            case "define-house-event":
                model.AddHouse(definition.Id, definition.Constant ?? false, definition.Label, definition.Line);
                break;
            default:
                AddGate(definition);
                break;
        }
    }

    private void AddGate(OpenDefinition definition)
    {
        var formula = definition.Formula;
        if (formula is null)
        {
            // A gate that is just another node is an or of one; without even that it is empty, which the builder says.
            formula = new OpenFormula(GateKind.Or, 0, definition.Line);
            formula.Arguments.AddRange(definition.Alias is { } alias ? [alias] : []);
        }

        model.AddGate(definition.Id, formula, definition.Label, definition.Line);
    }

    private void Argument(OpenDefinition definition, string id)
    {
        if (definition.Formulas.TryPeek(out var formula))
        {
            formula.Arguments.Add(id);
        }
        else if (definition.Alias is null && definition.Formula is null)
        {
            definition.Alias = id;
        }
        else
        {
            model.Fail(definition.Id, "the gate has more than one formula: join them by <and> or <or>.", Line);
        }
    }

    private int Threshold(OpenDefinition definition)
    {
        if (OpenFormula.ParseThreshold(reader.GetAttribute("min")) is { } threshold)
        {
            return threshold;
        }

        model.Fail(definition.Id, "<atleast> needs min=\"K\", a whole number.", Line);
        return 1;
    }

    private string Attribute(string name)
    {
        if (reader.GetAttribute(name) is { Length: > 0 } value)
        {
            return value;
        }

        model.Fail(reader.LocalName, $"the element needs the attribute {name}=\"...\".", Line);
        return string.Empty;
    }

    private double? ParseNumber(OpenDefinition definition, string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        model.Fail(definition.Id, $"'{text}' is no number.", Line);
        return 0;
    }

    private bool? ParseState(OpenDefinition definition, string text)
    {
        if (text is "true" or "false")
        {
            return text == "true";
        }

        model.Fail(definition.Id, $"a constant is \"true\" or \"false\", not '{text}'.", Line);
        return null;
    }

    private void Unknown(string name)
    {
        if (!_containers.Contains(name))
        {
            model.Fail(name, "this element is not understood here; the model was not read.", Line);
        }
    }
}
