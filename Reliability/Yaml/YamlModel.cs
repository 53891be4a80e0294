using Continuity.Reliability.OpenPsa;

namespace Continuity.Reliability.Yaml;

/// <summary>Goes through the sections of a model.</summary>
internal sealed class YamlModel(ModelDrafts model)
{
    private const string Keys = "name, top, events, houses, gates, blocks, parts";

    private readonly YamlFormulas _formulas = new(model);
    private readonly YamlBlocks _blocks = new(model);

    public void Read(YamlElement root)
    {
        if (root.Kind != YamlKind.Mapping)
        {
            model.Fail("document", "expected keys such as events: and gates:.", root.Line);
            return;
        }

        // The builder is made with its name, wherever in the document that stands.
        foreach (var (key, value) in root.Entries.Where(entry => entry.Key.Text == "name"))
        {
            if (YamlValues.Text(model, key, value) is { } name)
            {
                model.Name(name);
            }
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in root.Entries)
        {
            if (!seen.Add(key.Text))
            {
                model.Fail(key.Text, "the key stands here a second time; write all of it under one.", key.Line);
            }

            ReadSection(key, value);
        }
    }

    private void ReadSection(YamlElement key, YamlElement value)
    {
        switch (key.Text)
        {
            case "name":
                break;
            case "top":
                if (YamlValues.Text(model, key, value) is { } top)
                {
                    model.SetTop(top, value.Line);
                }

                break;
            case "events":
                Each(key, value, ReadEvent);
                break;
            case "houses":
                Each(key, value, ReadHouse);
                break;
            case "blocks":
                Each(key, value, _blocks.ReadBlock);
                break;
            case "parts":
                Each(key, value, _blocks.ReadPart);
                break;
            case "gates":
                Each(key, value, _formulas.ReadGate);
                break;
            default:
                model.Fail(key.Text, $"no such key; expected one of {Keys}.", key.Line);
                break;
        }
    }

    private void Each(YamlElement key, YamlElement section, Action<YamlElement, YamlElement> read)
    {
        if (section.Kind != YamlKind.Mapping)
        {
            model.Fail(key.Text, "expected a list of \"id: value\" under it.", section.Line);
            return;
        }

        foreach (var (id, value) in section.Entries)
        {
            read(id, value);
        }
    }

    // a: 0.01, or a: { probability: 0.01, label: "..." }
    private void ReadEvent(YamlElement id, YamlElement value)
    {
        var probability = value.Kind == YamlKind.Scalar ? value : null;
        string? label = null;
        if (value.Kind == YamlKind.Mapping)
        {
            foreach (var (key, item) in value.Entries)
            {
                switch (key.Text)
                {
                    case "probability":
                        probability = item;
                        break;
                    case "label":
                        label = YamlValues.Text(model, id, item);
                        break;
                    default:
                        model.Fail(id.Text, $"'{key.Text}' is unknown; expected probability or label.", key.Line);
                        break;
                }
            }
        }

        double? number = probability is null ? null : YamlValues.Number(model, id, probability);
        model.AddEvent(id.Text, number, label, id.Line);
    }

    private void ReadHouse(YamlElement id, YamlElement value)
    {
        if (value.Kind == YamlKind.Scalar && value.Text is "true" or "false")
        {
            model.AddHouse(id.Text, value.Text == "true", null, id.Line);
            return;
        }

        model.Fail(id.Text, "a house event is true or false.", value.Line);
        model.AddHouse(id.Text, false, null, id.Line);
    }
}
