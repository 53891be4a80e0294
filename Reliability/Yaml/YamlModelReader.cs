using Continuity.Reliability.Graphs;
using Continuity.Reliability.OpenPsa;

namespace Continuity.Reliability.Yaml;

/// <summary>Reads a model that people write by hand: see docs/reliability-model.md for its schema.</summary>
/// <remarks>
/// Every error is reported at once with its line. Aliases are refused, unknown keys too: a misspelt key is never taken
/// for an absent one.
/// </remarks>
public static class YamlModelReader
{
    /// <summary>Reads a model.</summary>
    /// <param name="source">The YAML text; left open.</param>
    /// <param name="top">The node to ask about, instead of the one that the model names.</param>
    /// <param name="cancellationToken">Ends the reading with an exception.</param>
    /// <exception cref="InvalidModelException">All that is wrong with the model, each with its line.</exception>
    public static FaultGraph Read(TextReader source, string? top, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        var root = YamlTree.Read(source, cancellationToken);
        var model = new ModelDrafts();
        new YamlModel(model).Read(root);
        if (top is not null)
        {
            model.SetTop(top, null);
        }

        return model.Build();
    }
}
