using Continuity.Reliability.BlockDiagrams;
using Continuity.Reliability.OpenPsa;

namespace Continuity.Reliability.Yaml;

/// <summary>Reads block diagrams and what the parts of a platform need of each other.</summary>
internal sealed class YamlBlocks(ModelDrafts model)
{
    /// <summary>A block: <c>{ series: [...] }</c>, parallel or bridge, or needed with of.</summary>
    public void ReadBlock(YamlElement id, YamlElement value)
    {
        BlockKind? kind = null;
        string[] parts = [];
        var needed = 0;
        string? label = null;
        foreach (var (key, item) in value.Kind == YamlKind.Mapping ? value.Entries : [])
        {
            switch (key.Text)
            {
                case "label":
                    label = YamlValues.Text(model, id, item);
                    break;
                case "needed" when kind is null or BlockKind.Vote:
                    (kind, needed) = (BlockKind.Vote, YamlValues.Count(model, id, item));
                    break;
                case "series" or "parallel" or "bridge" or "of"
                    when kind is null || (key.Text == "of" && kind == BlockKind.Vote && parts.Length == 0):
                    kind = KindOf(key.Text);
                    parts = YamlValues.Texts(model, id, item);
                    break;
                default:
                    model.Fail(id.Text, $"'{key.Text}' is not expected; a block is of one kind.", key.Line);
                    break;
            }
        }

        if (kind is null)
        {
            model.Fail(id.Text, "here is no block; expected series, parallel, bridge, or needed with of.", value.Line);
            return;
        }

        var block = new Block(id.Text, kind.Value, parts) { Needed = needed, Label = label, Line = id.Line };
        if (BlockGates.Add(model.Builder, block) is { } problem)
        {
            model.Fail(id.Text, problem, value.Line);
        }
    }

    /// <summary>A part: <c>{ fails: 0.01, needs: [a, { needed: 1, of: [b, c] }] }</c>.</summary>
    public void ReadPart(YamlElement id, YamlElement value)
    {
        double? fails = value.Kind == YamlKind.Scalar ? YamlValues.Number(model, id, value) : null;
        var needs = new List<Need>();
        foreach (var (key, item) in value.Kind == YamlKind.Mapping ? value.Entries : [])
        {
            switch (key.Text)
            {
                case "fails":
                    fails = YamlValues.Number(model, id, item);
                    break;
                case "needs":
                    needs.AddRange((item.Kind == YamlKind.Sequence ? item.Items : [item]).Select(
                        need => ReadNeed(id, need)));
                    break;
                default:
                    model.Fail(id.Text, $"'{key.Text}' is unknown; expected fails or needs.", key.Line);
                    break;
            }
        }

        if (fails is null)
        {
            model.Fail(id.Text, "the part has no probability; say how likely it fails: fails: 0.01.", id.Line);
        }

        foreach (var problem in DependencyGates.Add(model.Builder, id.Text, fails ?? 0, needs, id.Line))
        {
            model.Fail(id.Text, problem, id.Line);
        }
    }

    private Need ReadNeed(YamlElement part, YamlElement value)
    {
        if (value.Kind == YamlKind.Scalar)
        {
            return new Need(1, [value.Text]);
        }

        var count = 1;
        string[] parts = [];
        foreach (var (key, item) in value.Kind == YamlKind.Mapping ? value.Entries : [])
        {
            switch (key.Text)
            {
                case "needed":
                    count = YamlValues.Count(model, part, item);
                    break;
                case "of":
                    parts = YamlValues.Texts(model, part, item);
                    break;
                default:
                    model.Fail(part.Text, $"'{key.Text}' is unknown; expected needed and of.", key.Line);
                    break;
            }
        }

        return new Need(count, parts);
    }

    private static BlockKind KindOf(string key) => key switch
    {
        "series" => BlockKind.Series,
        "parallel" => BlockKind.Parallel,
        "bridge" => BlockKind.Bridge,
        _ => BlockKind.Vote,
    };
}
