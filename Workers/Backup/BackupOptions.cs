using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Continuity.Workers.Backup;

/// <summary>How archives are written.</summary>
internal sealed class BackupOptions
{
    public const string Section = "Backup";

    /// <summary>The zstd level. The default value is 3; 1 (fast) to 19 (small).</summary>
    [Range(1, 19)]
    public int CompressionLevel { get; set; } = 3;

    /// <summary>The most bytes read a second for archives. The default value is 0: no limit.</summary>
    [Range(0, long.MaxValue)]
    public long MaxBytesPerSecond { get; set; }

    /// <summary>
    /// How often one file is read when reading fails for the moment, or when it changes while it is read.
    /// The default value is 5; 1 to 20.
    /// </summary>
    [Range(1, 20)]
    public int MaxAttempts { get; set; } = 5;

    /// <summary>The wait before a file is read again; doubled each time. The default value is 200 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);
}

[OptionsValidator]
internal sealed partial class BackupOptionsValidator : IValidateOptions<BackupOptions>;
