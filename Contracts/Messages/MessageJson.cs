using System.Text.Json;
using System.Text.Json.Serialization;

namespace Continuity.Contracts.Messages;

/// <summary>The one way messages are written and read. CloudEvents names are lower case without separators.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CloudEvent))]
[JsonSerializable(typeof(JobMessage))]
[JsonSerializable(typeof(VerdictMessage))]
[JsonSerializable(typeof(ObservationMessage))]
public sealed partial class MessageJson : JsonSerializerContext;
