using System.Collections.Frozen;

namespace Aspire.Hosting.Control;

/// <summary>
/// What the person at the terminal asked for: a verb with its operands, switches, and settings for the model.
/// </summary>
internal sealed record CommandLine(string Verb, IReadOnlyList<string> Operands, IReadOnlyList<string> Settings)
{
    public const string Up = "up";

    private const string Background = "--background=";

    private static readonly FrozenSet<string> Verbs =
        FrozenSet.Create(StringComparer.Ordinal, Up, "ps", "logs", "stop", "start", "restart", "scale");

    private static readonly FrozenSet<string> KnownSwitches =
        FrozenSet.Create(StringComparer.Ordinal, "--detach", "--fresh", "--no-dashboard", "--json", "--follow", "-f");

    // Short names of settings; every other setting has its section before a colon.
    private static readonly FrozenSet<string> ShortSettings = FrozenSet.Create(
        StringComparer.Ordinal, "--operation", "--publisher", "--output-path", "--step", "--log-level");

    private IReadOnlySet<string> Switches { get; init; } = FrozenSet<string>.Empty;

    public bool Detach => Switches.Contains("--detach");

    public bool Fresh => Switches.Contains("--fresh");

    public bool NoDashboard => Switches.Contains("--no-dashboard");

    public bool Json => Switches.Contains("--json");

    /// <value>Background hosts only: the file that tells that all is healthy.</value>
    public string? ReadyFile { get; private init; }

    public bool Follow => Switches.Contains("--follow") || Switches.Contains("-f");

    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        var operands = new List<string>();
        var settings = new List<string>();
        var switches = new HashSet<string>(StringComparer.Ordinal);
        string? readyFile = null;
        for (var index = 0; index < args.Count; index++)
        {
            var argument = args[index];
            if (KnownSwitches.Contains(argument))
            {
                switches.Add(argument);
            }
            else if (argument.StartsWith(Background, StringComparison.Ordinal))
            {
                readyFile = argument[Background.Length..];
            }
            else if (argument.StartsWith("--", StringComparison.Ordinal))
            {
                CheckSetting(argument.Split('=', 2)[0]);
                settings.Add(argument);
                if (!argument.Contains('=', StringComparison.Ordinal) && index + 1 < args.Count)
                {
                    settings.Add(args[++index]);
                }
            }
            else
            {
                operands.Add(argument);
            }
        }

        var verb = operands.Count == 0 ? Up : operands[0];
        if (!Verbs.Contains(verb))
        {
            throw new DistributedApplicationException(
                $"'{verb}' is no command; there are {string.Join(", ", Verbs.Order(StringComparer.Ordinal))}.");
        }

        return new CommandLine(verb, [.. operands.Skip(1)], settings) { Switches = switches, ReadyFile = readyFile };
    }

    /// <summary>The same for a host in the background.</summary>
    public IEnumerable<string> InBackground(string readyFile) =>
        [.. Switches.Where(own => own != "--detach"), $"{Background}{readyFile}", .. Settings];

    // A misspelt switch that is taken for a setting would start a stack that nobody asked for.
    private static void CheckSetting(string name)
    {
        if (!name.Contains(':', StringComparison.Ordinal) && !ShortSettings.Contains(name))
        {
            throw new DistributedApplicationException(
                $"'{name}' is no option; there are {string.Join(", ", KnownSwitches.Order(StringComparer.Ordinal))}, "
                + "and settings like --Section:Name=VALUE.");
        }
    }
}
