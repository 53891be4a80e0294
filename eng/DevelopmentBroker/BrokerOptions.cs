using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Continuity.DevelopmentBroker;

/// <summary>A topic that exists from the start.</summary>
internal sealed record TopicOption(string Name, int Partitions);

/// <summary>What the command line asks for.</summary>
internal sealed partial record BrokerOptions(int Port, IReadOnlyList<TopicOption> Topics)
{
    public const string Usage =
        "Usage: Continuity.DevelopmentBroker --port PORT [--topic NAME:PARTITIONS]...";

    private const int MaxPartitions = 1024;

    /// <summary>
    /// Reads the command line; <paramref name="error"/> is one sentence that says what is wrong with it.
    /// </summary>
    public static bool TryParse(
        IReadOnlyList<string> arguments,
        [NotNullWhen(true)] out BrokerOptions? options,
        [NotNullWhen(false)] out string? error)
    {
        options = null;
        int? port = null;
        var topics = new List<TopicOption>();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var (name, value) = (arguments[i], i + 1 < arguments.Count ? arguments[i + 1] : null);
            error = name switch
            {
                "--port" or "--topic" when value is null => $"{name} needs a value.",
                "--port" => ReadPort(value, ref port),
                "--topic" => ReadTopic(value, topics),
                _ => $"'{name}' is not an option.",
            };
            if (error is not null)
            {
                return false;
            }
        }

        error = port is null ? "--port is missing: the broker serves on a port that its clients know." : null;
        options = port is null ? null : new BrokerOptions(port.Value, topics);
        return options is not null;
    }

    private static string? ReadPort(string? value, ref int? port)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number is < 1 or > ushort.MaxValue)
        {
            return $"--port is '{value}', but a port is a number from 1 to {ushort.MaxValue}.";
        }

        port = number;
        return null;
    }

    private static string? ReadTopic(string? value, List<TopicOption> topics)
    {
        var match = TopicPattern.Match(value ?? "");
        if (!match.Success
            || !int.TryParse(match.Groups["partitions"].ValueSpan, CultureInfo.InvariantCulture, out var partitions)
            || partitions is < 1 or > MaxPartitions)
        {
            return $"--topic is '{value}', but must be NAME:PARTITIONS with 1 to {MaxPartitions} partitions"
                + " and a name of letters, digits, '.', '_' and '-'.";
        }

        var name = match.Groups["name"].Value;
        if (topics.Exists(topic => topic.Name == name))
        {
            return $"--topic names '{name}' twice.";
        }

        topics.Add(new TopicOption(name, partitions));
        return null;
    }

    // Kafka's own rule for topic names.
    [GeneratedRegex("^(?<name>[A-Za-z0-9._-]{1,249}):(?<partitions>[0-9]{1,9})$")]
    private static partial Regex TopicPattern { get; }
}
