using Continuity.Reliability.Graphs;
using Continuity.Reliability.OpenPsa;

namespace Continuity.Reliability.Yaml;

/// <summary>Reads formulas, which may stand within formulas, with a stack of its own.</summary>
internal sealed class YamlFormulas(ModelDrafts model)
{
    private const string Kinds = "and, or, not, xor, nand, nor, or atleast with of";

    private readonly Stack<Frame> _open = [];

    /// <summary>A gate: the id of a node, or a formula such as <c>{ or: [a, b] }</c>.</summary>
    public void ReadGate(YamlElement id, YamlElement value)
    {
        if (value.Kind == YamlKind.Scalar)
        {
            var alias = new OpenFormula(GateKind.Or, 0, value.Line);
            alias.Arguments.Add(value.Text);
            model.AddGate(id.Text, alias, null, id.Line);
            return;
        }

        string? label = null;
        if (value.Kind == YamlKind.Mapping)
        {
            foreach (var (_, text) in value.Entries.Where(entry => entry.Key.Text == "label"))
            {
                label = YamlValues.Text(model, id, text);
            }
        }

        model.AddGate(id.Text, ReadFormula(id, value), label, id.Line);
    }

    private OpenFormula ReadFormula(YamlElement gate, YamlElement value)
    {
        _open.Push(Open(gate, value, isGate: true));
        while (true)
        {
            var frame = _open.Peek();
            if (frame.Next < frame.Arguments.Count)
            {
                var argument = frame.Arguments[frame.Next++];
                if (argument.Kind == YamlKind.Scalar)
                {
                    frame.Formula.Arguments.Add(argument.Text);
                }
                else
                {
                    _open.Push(Open(gate, argument, isGate: false));
                }

                continue;
            }

            _open.Pop();
            if (!_open.TryPeek(out var outer))
            {
                return frame.Formula;
            }

            outer.Formula.Arguments.Add(model.AddNested(frame.Formula));
        }
    }

    private Frame Open(YamlElement gate, YamlElement value, bool isGate)
    {
        YamlElement? arguments = null;
        GateKind? kind = null;
        var threshold = 1;
        foreach (var (key, item) in value.Kind == YamlKind.Mapping ? value.Entries : [])
        {
            switch (key.Text)
            {
                case "label" when isGate:
                    break;
                case "of" when kind is null or GateKind.AtLeast:
                    (kind, arguments) = (GateKind.AtLeast, item);
                    break;
                case "atleast" when kind is null or GateKind.AtLeast:
                    kind = GateKind.AtLeast;
                    threshold = Threshold(gate, item);
                    break;
                default:
                    if (kind is not null || OpenFormula.KindOf(key.Text) is not { } found)
                    {
                        model.Fail(gate.Text, $"'{key.Text}' is not expected; a formula is one of {Kinds}.", key.Line);
                        break;
                    }

                    (kind, arguments) = (found, item);
                    break;
            }
        }

        if (kind is null || arguments is null)
        {
            model.Fail(gate.Text, $"here is no formula; expected one of {Kinds}.", value.Line);
        }

        // Whatever is wrong has been said, or will be by the check of the whole model: an empty gate, for one.
        var list = arguments is { Kind: YamlKind.Sequence } ? arguments.Items : arguments is null ? [] : [arguments];
        return new Frame(new OpenFormula(kind ?? GateKind.Or, threshold, value.Line), list);
    }

    private int Threshold(YamlElement gate, YamlElement value)
    {
        if (OpenFormula.ParseThreshold(value.Text) is { } threshold)
        {
            return threshold;
        }

        model.Fail(gate.Text, $"'{value.Text}' is no number of arguments.", value.Line);
        return 1;
    }

    private sealed class Frame(OpenFormula formula, List<YamlElement> arguments)
    {
        public OpenFormula Formula { get; } = formula;

        public List<YamlElement> Arguments { get; } = arguments;

        public int Next { get; set; }
    }
}
