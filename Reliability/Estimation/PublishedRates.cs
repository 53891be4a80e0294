namespace Continuity.Reliability.Estimation;

/// <summary>Failure rates that others counted and published, as priors for who has not counted yet.</summary>
/// <remarks>
/// The counts of one training run: 16,384 H100 GPUs for 54 days, which is 21.2 million GPU-hours, interrupted 419 times
/// unexpectedly. An interruption is what stopped the job, so repairs that went unnoticed are not in it. Source: The
/// Llama 3 Herd of Models (Llama team, Meta, 2024), table 5. All rates are per GPU-hour, those of the network too.
/// </remarks>
public static class PublishedRates
{
    /// <summary>16,384 GPUs for 54 days of 24 hours.</summary>
    public const double GpuHours = 16_384.0 * 54 * 24;

    private const string Source = "The Llama 3 Herd of Models (2024), table 5: 16,384 H100 GPUs for 54 days";

    /// <summary>A faulty GPU, its links included: 148.</summary>
    public static RatePrior Gpu { get; } = Counted(148, "faulty GPU");

    /// <summary>The GPU's stacked memory: 72.</summary>
    public static RatePrior GpuMemory { get; } = Counted(72, "GPU HBM3 memory");

    /// <summary>The GPU's static memory: 19.</summary>
    public static RatePrior GpuSram { get; } = Counted(19, "GPU SRAM memory");

    /// <summary>The GPU's system processor: 17.</summary>
    public static RatePrior GpuSystemProcessor { get; } = Counted(17, "GPU system processor");

    /// <summary>Network switches and cables: 35, per GPU that hangs on them.</summary>
    public static RatePrior Network { get; } = Counted(35, "network switch or cable");

    /// <summary>Host processors: 2.</summary>
    public static RatePrior Cpu { get; } = Counted(2, "host CPU");

    /// <summary>Any unexpected interruption: 419.</summary>
    public static RatePrior AnyInterruption { get; } = Counted(419, "any unexpected interruption");

    private static RatePrior Counted(int failures, string what) => new(failures, GpuHours, $"{Source}; {what}");
}
