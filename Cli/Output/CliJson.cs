using System.Text.Json.Serialization;
using Continuity.Cli.Reliability;
using Continuity.Vault.Snapshots;

namespace Continuity.Cli.Output;

internal sealed record FailureJson(string Error, int ExitCode);

internal sealed record InitJson(string Repository, string Location, bool Parity);

internal sealed record BackupJson(
    string? Snapshot,
    string? Parent,
    long Files,
    long Folders,
    long Bytes,
    long NewBytes,
    long StoredBytes,
    double Seconds,
    string Consistency,
    IReadOnlyList<string> Unreadable,
    bool DryRun);

internal sealed record RestoreJson(
    string Target, long Files, long Bytes, long WrittenBytes, double Seconds, IReadOnlyList<string> Problems);

internal sealed record SnapshotJson(
    string Id,
    DateTimeOffset Time,
    string Host,
    string User,
    IReadOnlyList<string> Paths,
    IReadOnlyList<string> Tags,
    long Files,
    long Bytes,
    long StoredBytes,
    long Unreadable,
    string Consistency,
    string? Parent);

internal sealed record KeyJson(string Id, string Kind, string Label, DateTimeOffset Created);

internal sealed record RemovedJson(string Removed);

internal sealed record EntryJson(string Path, string Kind, long Size, DateTimeOffset Modified, string? LinkTarget)
{
    public static EntryJson From(SnapshotEntry entry) => new(
        entry.Path, entry.Kind, entry.Size, entry.Modified, entry.LinkTarget.Length > 0 ? entry.LinkTarget : null);
}

internal sealed record MatchJson(string Snapshot, DateTimeOffset Time, EntryJson Entry);

internal sealed record DifferenceJson(string Path, string Change, long SizeBefore, long SizeAfter);

internal sealed record ProblemJson(string Blob, string Problem);

internal sealed record VerifyJson(
    int Snapshots,
    int Packs,
    long Chunks,
    long Bytes,
    IReadOnlyList<ProblemJson> Problems,
    IReadOnlyList<string> Affected);

internal sealed record ForgetJson(
    bool DryRun, IReadOnlyList<SnapshotJson> Kept, IReadOnlyList<SnapshotJson> Forgotten);

internal sealed record PruneJson(
    bool DryRun,
    long UsedBytes,
    long UnusedBytes,
    int UnusedPacks,
    int RewrittenPacks,
    int MarkedPacks,
    int DeletedPacks,
    long DeletedBytes,
    int WaitsFor);

internal sealed record CopyJson(
    IReadOnlyList<string> Snapshots, IReadOnlyList<string> Present, long Chunks, long StoredBytes);

internal sealed record RepairJson(
    bool DryRun,
    IReadOnlyList<string> MendedPacks,
    IReadOnlyList<string> LostPacks,
    int ReindexedPacks,
    IReadOnlyList<string> RemovedIndexes,
    IReadOnlyList<string> LostSnapshots,
    IReadOnlyList<string> Affected);

internal sealed record ExportJson(string Snapshot, string Archive, long Bytes, IReadOnlyList<string> Problems);

/// <summary>How results look to machines. Fields are added, never renamed or given a new meaning.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(BigIntegerJson)])]
[JsonSerializable(typeof(FailureJson))]
[JsonSerializable(typeof(InitJson))]
[JsonSerializable(typeof(BackupJson))]
[JsonSerializable(typeof(RestoreJson))]
[JsonSerializable(typeof(IReadOnlyList<SnapshotJson>))]
[JsonSerializable(typeof(KeyJson))]
[JsonSerializable(typeof(IReadOnlyList<KeyJson>))]
[JsonSerializable(typeof(RemovedJson))]
[JsonSerializable(typeof(EntryJson))]
[JsonSerializable(typeof(MatchJson))]
[JsonSerializable(typeof(DifferenceJson))]
[JsonSerializable(typeof(VerifyJson))]
[JsonSerializable(typeof(ForgetJson))]
[JsonSerializable(typeof(PruneJson))]
[JsonSerializable(typeof(CopyJson))]
[JsonSerializable(typeof(RepairJson))]
[JsonSerializable(typeof(ExportJson))]
[JsonSerializable(typeof(SolveJson))]
[JsonSerializable(typeof(AssessJson))]
internal sealed partial class CliJson : JsonSerializerContext;
