namespace Continuity.Workers.Fencing;

/// <summary>
/// Somebody with a higher fencing token has written to the folder: whoever holds the smaller one must stop.
/// </summary>
internal sealed class StaleFencingTokenException(string fence, long token, long current) : Exception(
    $"Fencing token {token} is refused: '{fence}' has seen {current}, so another worker has this work now. "
    + "If the control plane's database was emptied, its tokens start again: then delete that file.")
{
    public long Token { get; } = token;

    public long Current { get; } = current;
}
