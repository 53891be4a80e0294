using System.Text.Json;
using System.Text.Json.Serialization;

namespace Continuity.Contracts.Routing;

/// <summary>The one way a routing snapshot is written and read, on the wire and on disk.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    WriteIndented = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RoutingSnapshot))]
public sealed partial class RoutingJson : JsonSerializerContext;
