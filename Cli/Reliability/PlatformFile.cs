using System.Text.Json;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.Living;

namespace Continuity.Cli.Reliability;

/// <summary>A platform as a file describes it.</summary>
internal sealed record PlatformFile
{
    public PlatformTopology Topology { get; init; } = new();

    /// <summary>The numbers; what is left out has its default.</summary>
    public PlatformAssumptions Assumptions { get; init; } = new();

    /// <exception cref="InvalidModelException">The file is not such a description.</exception>
    public static async Task<PlatformFile> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        await using var source = file.OpenRead();
        try
        {
            return await JsonSerializer.DeserializeAsync<PlatformFile>(
                source, JsonSerializerOptions.Web, cancellationToken) ?? new PlatformFile();
        }
        catch (JsonException exception)
        {
            var line = exception.LineNumber is { } number ? (int)number + 1 : (int?)null;
            throw new InvalidModelException(
                [new ModelError(exception.Path ?? "$", "is no such JSON as a platform is described in.", line)]);
        }
    }
}
