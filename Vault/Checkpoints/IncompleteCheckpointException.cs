using Continuity.Vault.Formats;

namespace Continuity.Vault.Checkpoints;

/// <summary>What was to be backed up isn't whole, so no snapshot was made.</summary>
/// <param name="problems">What is wrong, at least one, each naming its file.</param>
public sealed class IncompleteCheckpointException(IReadOnlyList<CheckpointProblem> problems)
    : VaultException(
        $"No snapshot was made: what is to be backed up isn't whole ({problems[0]}"
        + (problems.Count > 1 ? $", and {problems.Count - 1} more). " : "). ")
        + "Wait for its writer, or take it as it is.")
{
    /// <summary>Gets what is wrong.</summary>
    public IReadOnlyList<CheckpointProblem> Problems { get; } = problems;
}
