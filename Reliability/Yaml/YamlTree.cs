using Continuity.Reliability.Graphs;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Continuity.Reliability.Yaml;

/// <summary>Reads one YAML document into elements, without recursion and without aliases.</summary>
/// <remarks>An alias is a way to write a model of 2^n nodes in n lines; a model has ids for what it shares.</remarks>
internal static class YamlTree
{
    // The scanner looks at every open bracket for each token, so that depth costs its square.
    private const int MaxDepth = 10_000;

    public static YamlElement Read(TextReader source, CancellationToken cancellationToken)
    {
        var parser = new Parser(source);
        var open = new Stack<YamlElement>();
        YamlElement? root = null;
        try
        {
            while (parser.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                var line = (int)parser.Current!.Start.Line;  // never null after MoveNext said true
                switch (parser.Current)
                {
                    case DocumentStart when root is not null:
                        throw Refuse("a second document begins; a model is one document.", line);
                    case AnchorAlias alias:
                        throw Refuse($"the alias *{alias.Value} is not understood; refer to nodes by id.", line);
                    case Scalar scalar:
                        Add(new YamlElement(YamlKind.Scalar, scalar.Value, line));
                        break;
                    case SequenceStart:
                        open.Push(Add(new YamlElement(YamlKind.Sequence, "", line)));
                        break;
                    case MappingStart:
                        open.Push(Add(new YamlElement(YamlKind.Mapping, "", line)));
                        break;
                    case SequenceEnd or MappingEnd:
                        open.Pop();
                        break;
                }
            }
        }
        catch (YamlException exception)
        {
            // What came before may be wrong as well, but a broken text can end anywhere: this error alone is certain.
            throw Refuse(exception.Message, (int)exception.Start.Line);
        }

        return root ?? throw Refuse("the document is empty.", 1);

        YamlElement Add(YamlElement element)
        {
            root ??= element;
            if (open.Count > MaxDepth)
            {
                throw Refuse("nested more than 10,000 deep; give the inner formulas ids of their own.", element.Line);
            }

            if (open.TryPeek(out var parent))
            {
                parent.Items.Add(element);
            }

            return element;
        }
    }

    private static InvalidModelException Refuse(string message, int line) =>
        new([new ModelError("document", message, line)]);
}
