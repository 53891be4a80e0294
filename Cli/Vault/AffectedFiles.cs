using Continuity.Cli.Output;

namespace Continuity.Cli.Vault;

/// <summary>What damage means to somebody who wants files back.</summary>
internal static class AffectedFiles
{
    public static void Name(CliOutput output, IReadOnlyList<string> files)
    {
        foreach (var file in files)
        {
            output.Warn($"can't be restored whole: {file}");
        }
    }
}
