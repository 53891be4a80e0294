using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aspire.Hosting.Control;

/// <summary>One line from the client.</summary>
internal sealed record ControlRequest(
    string Verb, IReadOnlyList<string> Operands, bool Json = false, bool Follow = false);

/// <summary>Lines from the host: any number with <c>Text</c>, then one with <c>Exit</c> or <c>Error</c>.</summary>
internal sealed record ControlReply(string? Text = null, int? Exit = null, string? Error = null);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = false)]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlReply))]
[JsonSerializable(typeof(IReadOnlyList<ReplicaReport>))]
internal sealed partial class ControlJson : JsonSerializerContext;

/// <summary>A row of <c>ps --json</c>.</summary>
internal sealed record ReplicaReport(string Id, string Resource, string Kind, string State)
{
    public string? Health { get; init; }

    public string? Reason { get; init; }

    public int? ProcessId { get; init; }

    public int? ExitCode { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public IReadOnlyDictionary<string, string> Endpoints { get; init; } = new Dictionary<string, string>();

    /// <value>The replica's own address of each endpoint, beside the shared one.</value>
    public IReadOnlyDictionary<string, string> OwnEndpoints { get; init; } = new Dictionary<string, string>();
}
