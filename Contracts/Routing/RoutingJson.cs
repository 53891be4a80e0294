using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Continuity.Contracts.Routing;

/// <summary>The one way a routing snapshot is written and read, on the wire and on disk.</summary>
/// <remarks>
/// By reflection and not by source generation: generated readers give an absent <c>init</c> property the default of its
/// type and not of its initializer, so that a snapshot without a field would silently mean something else.
/// </remarks>
public static class RoutingJson
{
    /// <summary>
    /// The options: camel case, absent members keep their documented defaults, a member named twice is refused.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>How a whole snapshot is written and read.</summary>
    public static JsonTypeInfo<RoutingSnapshot> Snapshot { get; } =
        (JsonTypeInfo<RoutingSnapshot>)Options.GetTypeInfo(typeof(RoutingSnapshot));

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            WriteIndented = true,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        options.MakeReadOnly();
        return options;
    }
}
