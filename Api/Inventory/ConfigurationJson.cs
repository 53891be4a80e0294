using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Continuity.Contracts;

namespace Continuity.Api.Inventory;

/// <summary>
/// Reads a configuration section as if it were JSON: with the words and defaults that the HTTP API has.
/// </summary>
internal static class ConfigurationJson
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <exception cref="InvalidOperationException">A setting is unknown, missing, or of the wrong kind.</exception>
    public static T Read<T>(IConfigurationSection section)
        where T : new()
    {
        try
        {
            return ToNode(section).Deserialize<T>(_options) ?? new T();
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException(
                $"Configuration section {section.Path} cannot be used: {JsonFaults.Field(exception)}: "
                + JsonFaults.Reason(exception, "docs/configuration.md"), exception);
        }
    }

    private static JsonNode? ToNode(IConfigurationSection section)
    {
        var children = section.GetChildren().ToList();
        if (children.Count == 0)
        {
            return section.Value is null ? null : bool.TryParse(section.Value, out var truth) ? truth : section.Value;
        }

        if (children.All(child => int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            return new JsonArray([.. children.Select(ToNode)]);
        }

        return new JsonObject(children.Select(child => KeyValuePair.Create(child.Key, ToNode(child))));
    }
}
