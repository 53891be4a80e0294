using System.Globalization;
using Continuity.Reliability.OpenPsa;

namespace Continuity.Reliability.Yaml;

/// <summary>Single values, and what is wrong with them.</summary>
internal static class YamlValues
{
    public static string? Text(ModelDrafts model, YamlElement owner, YamlElement value)
    {
        if (value.Kind == YamlKind.Scalar && value.Text.Length > 0)
        {
            return value.Text;
        }

        model.Fail(owner.Text, "expected a text.", value.Line);
        return null;
    }

    public static double Number(ModelDrafts model, YamlElement owner, YamlElement value)
    {
        if (value.Kind == YamlKind.Scalar
            && double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        model.Fail(owner.Text, $"'{value.Text}' is no number.", value.Line);
        return 0;
    }

    public static int Count(ModelDrafts model, YamlElement owner, YamlElement value)
    {
        if (OpenFormula.ParseThreshold(value.Text) is { } number)
        {
            return number;
        }

        model.Fail(owner.Text, $"'{value.Text}' is no number of parts.", value.Line);
        return 1;
    }

    public static string[] Texts(ModelDrafts model, YamlElement owner, YamlElement value)
    {
        if (value.Kind == YamlKind.Sequence && value.Items.TrueForAll(item => item.Kind == YamlKind.Scalar))
        {
            return [.. value.Items.Select(item => item.Text)];
        }

        model.Fail(owner.Text, "expected a list of ids.", value.Line);
        return [];
    }
}
