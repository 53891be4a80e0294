namespace Continuity.Vault.Storage;

/// <summary>How <see cref="RetryingBlobStore"/> repeats what failed.</summary>
public sealed record RetryOptions
{
    /// <summary>Gets how often an operation is tried in all.</summary>
    /// <value>The default value is 6; at least 1.</value>
    public int MaxAttempts { get; init; } = 6;

    /// <summary>Gets the wait before the second attempt; each further one is twice as long.</summary>
    /// <value>The default value is 200 ms.</value>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Gets the longest wait, also where the store asks for a longer one.</summary>
    /// <value>The default value is 20 seconds.</value>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(20);
}
