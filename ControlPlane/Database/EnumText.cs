using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Continuity.ControlPlane.Database;

/// <summary>Enums in PostgreSQL are the same words as in JSON ("least-requests").</summary>
internal static class EnumText<TEnum>
    where TEnum : struct, Enum
{
    private static readonly FrozenDictionary<TEnum, string> _texts = Enum.GetValues<TEnum>()
        .ToFrozenDictionary(value => value, value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()));

    private static readonly FrozenDictionary<string, TEnum> _values = _texts
        .ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    public static string Format(TEnum value) => _texts[value];

    public static TEnum Parse(string text) => _values.TryGetValue(text, out var value)
        ? value
        : throw new InvalidDataException(
            $"The database holds '{text}' as a {typeof(TEnum).Name}, which this program does not "
            + "know. Is it older than the schema?");
}

internal sealed class EnumTextConverter<TEnum>()
    : ValueConverter<TEnum, string>(value => EnumText<TEnum>.Format(value), text => EnumText<TEnum>.Parse(text))
    where TEnum : struct, Enum;
