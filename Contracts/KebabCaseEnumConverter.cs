using System.Text.Json;
using System.Text.Json.Serialization;

namespace Continuity.Contracts;

/// <summary>Writes an enum as lower-case words joined by hyphens ("least-requests"); refuses numbers.</summary>
/// <typeparam name="TEnum">The enum.</typeparam>
public sealed class KebabCaseEnumConverter<TEnum>()
    : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where TEnum : struct, Enum;
