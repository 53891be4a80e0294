using System.Text.Json;
using Continuity.Contracts.ArtefactSets;
using Continuity.Contracts.Jobs;
using Continuity.Contracts.Messages;
using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Messaging;
using Npgsql;

namespace Continuity.ControlPlane.Jobs;

/// <summary>How a job is read from its row, and told of in messages.</summary>
internal static class JobSql
{
    /// <summary>In the order in which <see cref="ReadJob"/> reads them.</summary>
    public const string Columns =
        "id, kind, artefact_set, target_site, archive, destination_site, destination_path, state, cancel_requested, "
        + "attempts, max_attempts, worker, fencing_token, progress, result, error_code, error_message, created_at, "
        + "runnable_at, started_at, completed_at, existing";

    public static string LeaseName(string artefactSet) => "artefact-set/" + artefactSet;

    public static Job ReadJob(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Kind = EnumText<JobKind>.Parse(row.GetString(1)),
        ArtefactSet = row.GetString(2),
        TargetSite = Text(row, 3),
        Archive = Text(row, 4),
        Destination = row.IsDBNull(5) ? null : new SitePath { Site = row.GetString(5), Path = row.GetString(6) },
        State = EnumText<JobState>.Parse(row.GetString(7)),
        CancelRequested = row.GetBoolean(8),
        Attempts = row.GetInt32(9),
        MaxAttempts = row.GetInt32(10),
        Worker = Text(row, 11),
        FencingToken = row.IsDBNull(12) ? null : row.GetInt64(12),
        Progress = Json<JobProgress>(row, 13),
        Result = Json<JobResult>(row, 14),
        Error = Error(row, 15),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(17),
        RunnableAt = row.GetFieldValue<DateTimeOffset>(18),
        StartedAt = Time(row, 19),
        CompletedAt = Time(row, 20),
        Existing = EnumText<ExistingFiles>.Parse(row.GetString(21)),
    };

    public static JobAttempt ReadAttempt(NpgsqlDataReader row) => new()
    {
        JobId = row.GetGuid(0),
        Number = row.GetInt32(1),
        Worker = row.GetString(2),
        FencingToken = row.GetInt64(3),
        Outcome = EnumText<AttemptOutcome>.Parse(row.GetString(4)),
        Error = Error(row, 5),
        StartedAt = row.GetFieldValue<DateTimeOffset>(7),
        EndedAt = Time(row, 8),
    };

    public static string Format<T>(T value) => JsonSerializer.Serialize(value, JsonSerializerOptions.Web);

    public static OutboxMessage<JobMessage> Message(string topic, string type, Job job) => new(
        topic,
        job.ArtefactSet,
        type,
        new JobMessage
        {
            JobId = job.Id,
            Kind = job.Kind,
            ArtefactSet = job.ArtefactSet,
            State = job.State,
            Worker = job.Worker,
            FencingToken = job.FencingToken,
        },
        MessageJson.Default.JobMessage);

    private static JobError? Error(NpgsqlDataReader row, int first) =>
        row.IsDBNull(first) ? null : new JobError(row.GetString(first), Text(row, first + 1) ?? "");

    private static string? Text(NpgsqlDataReader row, int index) => row.IsDBNull(index) ? null : row.GetString(index);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int index) =>
        row.IsDBNull(index) ? null : row.GetFieldValue<DateTimeOffset>(index);

    private static T? Json<T>(NpgsqlDataReader row, int index)
        where T : class =>
        row.IsDBNull(index) ? null : JsonSerializer.Deserialize<T>(row.GetString(index), JsonSerializerOptions.Web);
}
