namespace Continuity.Vault.Checkpoints;

/// <summary>Why a checkpoint is not complete.</summary>
/// <param name="File">The file, relative to the folder that was looked at, with '/'.</param>
/// <param name="Reason">What is wrong with it, as the rest of a sentence: "is missing; ...".</param>
public readonly record struct CheckpointProblem(string File, string Reason)
{
    /// <summary>Returns the problem as a sentence.</summary>
    /// <returns>The file and the reason.</returns>
    public override string ToString() => $"{File} {Reason}";
}
