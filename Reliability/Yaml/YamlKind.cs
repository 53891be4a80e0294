namespace Continuity.Reliability.Yaml;

/// <summary>What a <see cref="YamlElement"/> is.</summary>
internal enum YamlKind
{
    Scalar,
    Sequence,
    Mapping,
}
