using System.Text.Json;
using System.Text.Json.Serialization;
using Continuity.ModelServer.Serving;

namespace Continuity.ModelServer.Faults;

/// <summary>The modes' names on the wire; two of them are status codes.</summary>
internal sealed class FaultModeConverter : JsonConverter<FaultMode>
{
    private static readonly Dictionary<FaultMode, string> _names = Enum.GetValues<FaultMode>().ToDictionary(
        mode => mode,
        mode => mode switch
        {
            FaultMode.Unavailable => "503",
            FaultMode.TooManyRequests => "429",
            _ => mode.ToString().ToLowerInvariant(),
        });

    public override FaultMode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var given = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number when reader.TryGetInt32(out var status) => $"{status}",
            _ => null,
        };
        foreach (var (mode, name) in _names)
        {
            if (name == given)
            {
                return mode;
            }
        }

        throw ApiException.BadRequest($"mode must be one of {string.Join(", ", _names.Values)}.", "mode");
    }

    public override void Write(Utf8JsonWriter writer, FaultMode value, JsonSerializerOptions options) =>
        writer.WriteStringValue(_names[value]);
}
