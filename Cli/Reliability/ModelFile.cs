using Continuity.Reliability.Graphs;
using Continuity.Reliability.OpenPsa;
using Continuity.Reliability.Yaml;

namespace Continuity.Cli.Reliability;

/// <summary>Reads a model from a file; what the file says decides its format, not its name.</summary>
internal static class ModelFile
{
    public static FaultGraph Read(FileInfo file, string? top, CancellationToken cancellationToken)
    {
        using var source = file.OpenText();
        int next;
        while ((next = source.Peek()) >= 0 && char.IsWhiteSpace((char)next))
        {
            source.Read();
        }

        // Reading past the blank lines would lose their count, which errors name.
        source.BaseStream.Position = 0;
        source.DiscardBufferedData();
        return next == '<'
            ? OpenPsaReader.Read(source, top, cancellationToken)
            : YamlModelReader.Read(source, top, cancellationToken);
    }
}
