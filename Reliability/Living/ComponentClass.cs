using System.Text.Json.Serialization;

namespace Continuity.Reliability.Living;

/// <summary>Like components of a platform, whose failure rate and repair time are estimated together.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ComponentClass>))]
public enum ComponentClass
{
    /// <summary>A whole site: power, cooling, its network.</summary>
    [JsonStringEnumMemberName("site")]
    Site,

    /// <summary>The gateway of a site.</summary>
    [JsonStringEnumMemberName("gateway")]
    Gateway,

    /// <summary>An inference server with what it runs on.</summary>
    [JsonStringEnumMemberName("replica")]
    Replica,

    /// <summary>The storage of a site.</summary>
    [JsonStringEnumMemberName("storage")]
    Storage,

    /// <summary>What replicas share below a site: a rack, a power feed, a switch.</summary>
    [JsonStringEnumMemberName("infrastructure")]
    Infrastructure,
}
