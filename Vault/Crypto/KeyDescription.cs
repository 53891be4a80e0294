using System.Text.Json.Serialization;

namespace Continuity.Vault.Crypto;

/// <summary>What a key of the repository is for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KeyKind>))]
public enum KeyKind
{
    /// <summary>It does everything.</summary>
    [JsonStringEnumMemberName("full")]
    Full,

    /// <summary>It adds snapshots and opens nothing, its own included.</summary>
    [JsonStringEnumMemberName("writer")]
    Writer,
}

/// <summary>A key of the repository, without what is secret.</summary>
/// <param name="Id">The key's id, 32 hexadecimal digits.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Label">Its name for people, such as who holds it.</param>
/// <param name="Created">When it was made, by the maker's clock.</param>
public sealed record KeyDescription(string Id, KeyKind Kind, string Label, DateTimeOffset Created);

/// <summary>The JSON of a key blob.</summary>
internal sealed record StoredKey(
    KeyDescription Description, KeyDerivation Derivation, byte[] Salt, byte[] Nonce, byte[] Wrapped);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(StoredKey))]
internal sealed partial class KeyJsonContext : JsonSerializerContext;
