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
    public static JsonSerializerOptions Options { get; } = CreateOptions(JsonUnmappedMemberHandling.Skip);

    /// <summary>How a whole snapshot is written and read.</summary>
    public static JsonTypeInfo<RoutingSnapshot> Snapshot { get; } =
        (JsonTypeInfo<RoutingSnapshot>)Options.GetTypeInfo(typeof(RoutingSnapshot));

    /// <summary>How a snapshot is read that somebody wrote by hand: a field that there isn't is refused.</summary>
    /// <remarks>A program may skip what a later one added; a person has misspelt it.</remarks>
    public static JsonTypeInfo<RoutingSnapshot> HandWritten { get; } =
        (JsonTypeInfo<RoutingSnapshot>)CreateOptions(JsonUnmappedMemberHandling.Disallow)
            .GetTypeInfo(typeof(RoutingSnapshot));

    private static JsonSerializerOptions CreateOptions(JsonUnmappedMemberHandling unknownFields)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            WriteIndented = true,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            UnmappedMemberHandling = unknownFields,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver().WithAddedModifier(AllowSchemaName),
        };
        options.MakeReadOnly();
        return options;
    }

    // Editors find the schema by a field that says nothing to a gateway.
    private static void AllowSchemaName(JsonTypeInfo type)
    {
        if (type.Type == typeof(RoutingSnapshot))
        {
            var schema = type.CreateJsonPropertyInfo(typeof(string), "$schema");
            schema.Set = (_, _) => { };
            type.Properties.Add(schema);
        }
    }
}
