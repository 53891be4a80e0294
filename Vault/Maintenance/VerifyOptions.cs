namespace Continuity.Vault.Maintenance;

/// <summary>How much a verification reads.</summary>
public enum VerifyDepth
{
    /// <summary>Snapshots, manifests, index, and that every pack is there with its length: every reference leads to
    /// something.</summary>
    Structure,

    /// <summary>Also all packs: every chunk is read, authenticated, decoded, and checked against the checksum that was
    /// taken with its id, or against the id itself where there is none to rely on.</summary>
    Data,
}

/// <summary>What to verify.</summary>
public sealed record VerifyOptions
{
    /// <summary>Gets how much is read.</summary>
    public VerifyDepth Depth { get; init; } = VerifyDepth.Structure;

    /// <summary>Gets which part of the packs is read, from 1 to <see cref="Parts"/>: with a part a day, everything is
    /// read in as many days.</summary>
    public int Part { get; init; } = 1;

    /// <summary>Gets the number of parts.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>Gets whether the id of every chunk is computed again, whatever its checksum says. It takes about three
    /// times as long and finds what only a defect of the program that wrote the chunk, or of its machine, could
    /// do.</summary>
    public bool RecomputesIds { get; init; }

    /// <summary>Gets the options for a day: any so many days in a row read everything once.</summary>
    /// <param name="day">A moment of the day, in UTC.</param>
    /// <param name="days">In how many days everything is read.</param>
    /// <returns>The options.</returns>
    public static VerifyOptions OfDay(DateTimeOffset day, int days)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        var number = (int)((day.ToUnixTimeSeconds() / (24 * 60 * 60)) % days);
        return new VerifyOptions { Depth = VerifyDepth.Data, Part = number + 1, Parts = days };
    }

    /// <summary>Gets how many threads read and check.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;
}

/// <summary>Something that isn't as it should be.</summary>
/// <param name="BlobName">The blob that is damaged or missing.</param>
/// <param name="Sentence">What is wrong with it.</param>
public sealed record VerifyProblem(string BlobName, string Sentence);

/// <summary>What a verification found.</summary>
/// <param name="Snapshots">Snapshots looked at.</param>
/// <param name="Packs">Packs looked at.</param>
/// <param name="Chunks">Chunks decoded and checked.</param>
/// <param name="Bytes">Bytes of packs read.</param>
/// <param name="Problems">What is wrong; empty is success.</param>
/// <param name="Affected">What a problem costs: `snapshot: path` of files that can't be restored whole; at most
/// 10,000.</param>
public sealed record VerifyResult(
    int Snapshots, int Packs, long Chunks, long Bytes, IReadOnlyList<VerifyProblem> Problems,
    IReadOnlyList<string> Affected);

/// <summary>How far a verification is.</summary>
/// <param name="Packs">Packs read.</param>
/// <param name="TotalPacks">Packs to read.</param>
/// <param name="Bytes">Bytes read.</param>
public readonly record struct VerifyProgress(int Packs, int TotalPacks, long Bytes);
