namespace Continuity.Vault.Formats;

/// <summary>The largest sizes that a reader accepts, so that broken bytes never make it take much memory.</summary>
internal static class FormatLimits
{
    public const int SealedBodyBytes = 64 << 20;
    public const int PackBytes = 80 << 20;
    public const int ChunkBytes = 4 << 20;
    public const int PayloadSlackBytes = 64 << 10;
    public const int KeyJsonBytes = 64 << 10;
    public const int PathBytes = 65_536;
    public const int AttributeBytes = 1 << 20;
    public const int ExtentsPerRecord = 4096;
    public const int EntriesPerIndex = 65_536;
    public const int UnreadablePaths = 10_000;
    public const int MaximumDepth = 4;
}
