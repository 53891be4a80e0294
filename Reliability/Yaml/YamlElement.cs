namespace Continuity.Reliability.Yaml;

/// <summary>A piece of a YAML document, with the line it begins on.</summary>
internal sealed class YamlElement(YamlKind kind, string text, int line)
{
    public YamlKind Kind { get; } = kind;

    /// <summary>What a scalar says.</summary>
    public string Text { get; } = text;

    public int Line { get; } = line;

    /// <summary>The items of a sequence; keys and values in turn for a mapping.</summary>
    public List<YamlElement> Items { get; } = [];

    /// <summary>The keys of a mapping with their values.</summary>
    public IEnumerable<(YamlElement Key, YamlElement Value)> Entries =>
        Items.Chunk(2).Select(pair => (pair[0], pair[1]));
}
