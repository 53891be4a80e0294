using System.Xml;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.OpenPsa;

/// <summary>
/// Reads fault trees in the Open-PSA Model Exchange Format (2.0d): the subset that a static analysis needs.
/// </summary>
/// <remarks>
/// Understood: <c>define-fault-tree</c>, <c>define-gate</c>, <c>define-basic-event</c>, <c>define-house-event</c>,
/// <c>model-data</c>, labels, nested formulas, and probabilities given as <c>float</c> or <c>int</c>. Everything else
/// is an
/// error that names its line: a model is never read in part. Document types and entities are refused, and nothing is
/// fetched. Nesting costs no stack.
/// </remarks>
public static class OpenPsaReader
{
    /// <summary>The most characters that a model may have.</summary>
    public const long MaxCharacters = 1L << 30;

    /// <summary>Reads a model.</summary>
    /// <param name="source">The XML text; left open.</param>
    /// <param name="cancellationToken">Ends the reading with an exception.</param>
    /// <exception cref="InvalidModelException">All that is wrong with the model, each with its line.</exception>
    public static FaultGraph Read(TextReader source, CancellationToken cancellationToken) =>
        Read(source, null, cancellationToken);

    /// <summary>Reads a model.</summary>
    /// <param name="source">The XML text; left open.</param>
    /// <param name="top">The node to ask about; null for the one gate that no other gate uses.</param>
    /// <param name="cancellationToken">Ends the reading with an exception.</param>
    /// <exception cref="InvalidModelException">All that is wrong with the model, each with its line.</exception>
    public static FaultGraph Read(TextReader source, string? top, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = MaxCharacters,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
        };
        var model = new ModelDrafts();
        using var reader = XmlReader.Create(source, settings);
        try
        {
            new DocumentWalk(reader, model).Run(cancellationToken);
        }
        catch (XmlException exception)
        {
            // A refused document type has no line of its own.
            var line = Math.Max(1, Math.Max(exception.LineNumber, ((IXmlLineInfo)reader).LineNumber));

            // What came before may be wrong as well, but a broken text can end anywhere: this error alone is certain.
            throw new InvalidModelException([new ModelError("document", exception.Message, line)]);
        }

        if (top is not null)
        {
            model.SetTop(top, null);
        }

        return model.Build();
    }
}
