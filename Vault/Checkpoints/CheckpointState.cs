namespace Continuity.Vault.Checkpoints;

/// <summary>Whether a folder holds whole checkpoints only.</summary>
public abstract record CheckpointState
{
    private CheckpointState()
    {
    }

    /// <summary>Everything that the folder's indexes name is there, as long as they say, and nothing changed between
    /// two looks.</summary>
    /// <param name="Kinds">The kinds of checkpoint found; empty for a plain folder.</param>
    public sealed record Complete(IReadOnlyList<CheckpointKind> Kinds) : CheckpointState;

    /// <summary>Something is missing, shorter than it should be, damaged, or still being written.</summary>
    /// <param name="Problems">What is wrong, at least one, each naming its file.</param>
    public sealed record Incomplete(IReadOnlyList<CheckpointProblem> Problems) : CheckpointState;
}
