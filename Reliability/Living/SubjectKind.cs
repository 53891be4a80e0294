using System.Text.Json.Serialization;

namespace Continuity.Reliability.Living;

/// <summary>What is assessed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SubjectKind>))]
public enum SubjectKind
{
    /// <summary>Whether a service answers.</summary>
    [JsonStringEnumMemberName("service")]
    Service,

    /// <summary>Whether a copy of an artefact set can be read.</summary>
    [JsonStringEnumMemberName("artefact-set")]
    ArtefactSet,
}
