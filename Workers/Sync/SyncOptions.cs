using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Continuity.Workers.Sync;

/// <summary>How folders are copied.</summary>
internal sealed class SyncOptions
{
    public const string Section = "Sync";

    /// <summary>Files copied at a time. The default value is 8; 1 to 64.</summary>
    [Range(1, 64)]
    public int Parallelism { get; set; } = 8;

    /// <summary>
    /// The most bytes copied a second by this process, over all files. The default value is 0: no limit.
    /// </summary>
    [Range(0, long.MaxValue)]
    public long MaxBytesPerSecond { get; set; }

    /// <summary>
    /// How often one file is tried when reading or writing fails for the moment, or when it changes while it is read.
    /// The default value is 5; 1 to 20.
    /// </summary>
    [Range(1, 20)]
    public int MaxAttempts { get; set; } = 5;

    /// <summary>
    /// The wait before a file's second attempt; doubled for each further one. The default value is 200 ms.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How unchanged files are recognised. The default value is <see cref="SyncComparison.Quick"/>.</summary>
    public SyncComparison Comparison { get; set; } = SyncComparison.Quick;
}

internal enum SyncComparison
{
    /// <summary>
    /// By size and time of change, and by the manifest of the last sync; content is compared only when those leave
    /// doubt.
    /// </summary>
    Quick,

    /// <summary>By the SHA-256 of both sides, every time: finds what rotted on the disk.</summary>
    Full,
}

[OptionsValidator]
internal sealed partial class SyncOptionsValidator : IValidateOptions<SyncOptions>;
