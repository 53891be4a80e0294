namespace Continuity.Cli.Output;

/// <summary>How far some work is.</summary>
/// <param name="Bytes">Bytes done.</param>
/// <param name="TotalBytes">Bytes to do; null while that isn't known.</param>
/// <param name="Detail">What else to show, such as a number of files.</param>
internal readonly record struct Amount(long Bytes, long? TotalBytes, string Detail);
