using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.OpenPsa;

/// <summary>What a document says, gathered until all of it can be checked at once.</summary>
internal sealed class ModelDrafts
{
    private readonly List<ModelError> _errors = [];
    private readonly List<(string Id, int Line)> _undated = [];
    private readonly HashSet<string> _given = new(StringComparer.Ordinal);
    private FaultGraphBuilder? _builder;
    private int _formulas;
    private (string Id, int? Line)? _top;

    /// <summary>Where front ends of their own add gates.</summary>
    public FaultGraphBuilder Builder => _builder ??= new FaultGraphBuilder("model");

    /// <summary>Names the model; the first name counts.</summary>
    public void Name(string name) => _builder ??= new FaultGraphBuilder(name);

    /// <summary>Names the node that is asked about; the last name counts.</summary>
    public void SetTop(string id, int? line) => _top = (id, line);

    public void Fail(string element, string message, int line) => _errors.Add(new ModelError(element, message, line));

    public void AddEvent(string id, double? probability, string? label, int line)
    {
        if (probability is { } value)
        {
            _given.Add(id);
            Builder.AddEvent(id, value, label, line);
        }
        else
        {
            _undated.Add((id, line));
        }
    }

    public void AddHouse(string id, bool state, string? label, int line) => Builder.AddHouse(id, state, label, line);

    public void AddGate(string id, OpenFormula formula, string? label, int line)
    {
        if (formula.Kind == GateKind.AtLeast)
        {
            Builder.AddAtLeast(id, formula.Threshold, formula.Arguments, label, line);
        }
        else
        {
            Builder.AddGate(id, formula.Kind, formula.Arguments, label, line);
        }
    }

    /// <summary>A formula within a formula: a gate without a name of its own.</summary>
    public string AddNested(OpenFormula formula)
    {
        // The colon is no letter of a name in the format, so that no name of the model can be the same.
        var id = FormattableString.Invariant($":{++_formulas}");
        AddGate(id, formula, null, formula.Line);
        return id;
    }

    public FaultGraph Build()
    {
        foreach (var (id, line) in _undated.Where(item => !_given.Contains(item.Id)))
        {
            Fail(id, "the basic event has no probability; give it one from 0 to 1.", line);
            Builder.AddEvent(id, 0, line: line);
        }

        if (_top is { } top)
        {
            Builder.SetTop(top.Id, top.Line);
        }

        var isRight = Builder.TryBuild(out var graph, out var errors);
        return isRight && _errors.Count == 0
            ? graph!  // TryBuild said so
            : throw new InvalidModelException([.. _errors.Concat(errors).OrderBy(error => error.Line ?? 0)]);
    }
}
