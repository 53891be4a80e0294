using System.CommandLine;
using Continuity.Vault.Maintenance;

namespace Continuity.Cli.Vault;

/// <summary>What forget keeps: grandfather, father, son.</summary>
internal sealed class RetentionArguments
{
    private readonly Option<int> _last = Count("--keep-last", "-l", "Keep this many of the newest snapshots.");
    private readonly Option<int> _hourly = Count("--keep-hourly", "-H", "Keep one of each of this many hours.");
    private readonly Option<int> _daily = Count("--keep-daily", "-d", "Keep one of each of this many days.");
    private readonly Option<int> _weekly = Count("--keep-weekly", "-w", "Keep one of each of this many weeks.");
    private readonly Option<int> _monthly = Count("--keep-monthly", "-m", "Keep one of each of this many months.");
    private readonly Option<int> _yearly = Count("--keep-yearly", "-y", "Keep one of each of this many years.");
    private readonly Option<int> _within = Count(
        "--keep-within-days", null, "Keep all of this many days before the newest.");
    private readonly Option<string[]> _tags = new(
        "--keep-tag") { Description = "Keep all with this tag; may be repeated." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_last, _hourly, _daily, _weekly, _monthly, _yearly, _within, _tags])
        {
            command.Options.Add(option);
        }
    }

    public RetentionPolicy PolicyOf(ParseResult arguments) => new()
    {
        Last = arguments.GetValue(_last),
        Hourly = arguments.GetValue(_hourly),
        Daily = arguments.GetValue(_daily),
        Weekly = arguments.GetValue(_weekly),
        Monthly = arguments.GetValue(_monthly),
        Yearly = arguments.GetValue(_yearly),
        Within = TimeSpan.FromDays(arguments.GetValue(_within)),
        Tags = arguments.GetValue(_tags) ?? [],
    };

    private static Option<int> Count(string name, string? alias, string description)
    {
        var option = new Option<int>(name, alias is null ? [] : [alias]) { Description = description, HelpName = "n" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var value) && value < 0)
            {
                result.AddError($"{name} must not be negative.");
            }
        });
        return option;
    }
}
