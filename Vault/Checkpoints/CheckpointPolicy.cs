namespace Continuity.Vault.Checkpoints;

/// <summary>What to do about a folder whose checkpoints are not complete yet.</summary>
public sealed record CheckpointPolicy
{
    /// <summary>Gets how long nothing may have changed between the two looks.</summary>
    /// <value>The default value is 2 seconds.</value>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets how long to wait for the folder to become complete.</summary>
    /// <value>The default value is zero: say so at once. A writer that needs an hour needs more than an hour.</value>
    public TimeSpan Wait { get; init; } = TimeSpan.Zero;

    /// <summary>Gets whether a file that belongs to no checkpoint may change during a backup: the snapshot then says
    /// so, and is made.</summary>
    /// <value>The default value is false: there is no snapshot of a folder that doesn't keep still.</value>
    public bool AllowChanges { get; init; }
}
