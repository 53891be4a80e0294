using System.CommandLine;
using Continuity.Vault.Repositories;
using Continuity.Vault.Snapshots;

namespace Continuity.Cli.Vault;

/// <summary>The options that choose among snapshots: whose, of what, and with which tags.</summary>
internal sealed class SnapshotArguments
{
    private readonly Option<string[]> _hosts = new("--host", "-H")
    {
        Description = "Only snapshots of this machine; may be repeated.", HelpName = "name",
    };

    private readonly Option<string[]> _tags = new("--tag")
    {
        Description = "Only snapshots with this tag; a,b asks for both; may be repeated for either.", HelpName = "tag",
    };

    private readonly Option<string[]> _paths = new("--path")
    {
        Description = "Only snapshots of this folder or file; may be repeated.", HelpName = "path",
    };

    /// <param name="withShortHost">Whether -H is the machine's; forget has it for hours.</param>
    public SnapshotArguments(bool withShortHost = true)
    {
        if (!withShortHost)
        {
            _hosts.Aliases.Clear();
        }
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_hosts);
        command.Options.Add(_tags);
        command.Options.Add(_paths);
    }

    public bool Includes(ParseResult arguments, SnapshotInfo snapshot)
    {
        var hosts = arguments.GetValue(_hosts) ?? [];
        var tags = arguments.GetValue(_tags) ?? [];
        var paths = arguments.GetValue(_paths) ?? [];
        return (hosts.Length == 0 || hosts.Contains(snapshot.Host))
            && (tags.Length == 0 || tags.Any(wanted => wanted.Split(',').All(snapshot.Tags.Contains)))
            && paths.All(path => snapshot.Roots.Contains(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))));
    }

    /// <summary>Gets the snapshot that is meant: `latest` is the newest of those that the options leave.</summary>
    public async Task<string> ResolveAsync(
        Repository repository, ParseResult arguments, string name, CancellationToken cancellationToken)
    {
        var isChosen = arguments.GetResult(_hosts) is not null || arguments.GetResult(_tags) is not null
            || arguments.GetResult(_paths) is not null;
        if (name != "latest" || !isChosen)
        {
            return name;
        }

        var snapshots = await repository.ListSnapshotsAsync(_ => { }, cancellationToken);
        return snapshots.LastOrDefault(snapshot => Includes(arguments, snapshot))?.Id.ToString()
            ?? throw new UsageException("No snapshot is of this --host, --path and --tag: list shows what there is.");
    }
}
