using Continuity.Contracts;
using Continuity.Contracts.Messages;
using Continuity.Contracts.Routing;
using Continuity.Contracts.Services;
using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Faults;
using Continuity.ControlPlane.Messaging;
using Microsoft.EntityFrameworkCore;

namespace Continuity.ControlPlane.Services;

/// <summary>What became of the declaration of a replica.</summary>
public abstract record PutReplica
{
    private PutReplica()
    {
    }

    public sealed record Stored(Replica Replica, bool Created) : PutReplica;

    public sealed record UnknownService : PutReplica;

    public sealed record UnknownSite : PutReplica;

    /// <summary>The site declares no failure domains of these names.</summary>
    public sealed record UnknownDomains(IReadOnlyList<string> Names) : PutReplica;

    /// <summary>The id is taken by a replica of another service.</summary>
    public sealed record OfAnotherService(string Service) : PutReplica;
}

/// <summary>What a monitor thinks of a replica.</summary>
/// <param name="Replica">The replica's id.</param>
/// <param name="Verdict">What it thinks.</param>
/// <param name="Reason">Why, in one sentence.</param>
/// <param name="Observer">The monitor's name.</param>
public sealed record ReplicaVerdict(string Replica, Verdict Verdict, string? Reason, string Observer);

/// <summary>The running inference servers, and what the monitors think of them.</summary>
public sealed class ReplicaStore
{
    private readonly ControlPlaneDatabase _database;
    private readonly Outbox _outbox;

    internal ReplicaStore(ControlPlaneDatabase database, Outbox outbox)
    {
        _database = database;
        _outbox = outbox;
    }

    public Task<PutReplica> PutAsync(
        string service, string id, PutReplicaRequest request, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            async (unit, token) =>
            {
                var context = unit.Context;
                var row = await context.Replicas.FindAsync([id], token);
                if (row is not null && row.Service != service)
                {
                    return new PutReplica.OfAnotherService(row.Service);
                }

                if (!await context.Services.AnyAsync(other => other.Name == service, token))
                {
                    return new PutReplica.UnknownService();
                }

                if (await context.Sites.FindAsync([request.Site], token) is not { } site)
                {
                    return new PutReplica.UnknownSite();
                }

                var declared = site.ToSite().Domains.Select(domain => domain.Name);
                var unknown = (request.Domains ?? []).Except(declared).ToList();
                if (unknown.Count > 0)
                {
                    return new PutReplica.UnknownDomains(unknown);
                }

                var created = row is null;
                if (row is null)
                {
                    row = new ReplicaRow { Id = id, Service = service, Site = request.Site, Address = "" };
                    context.Replicas.Add(row);
                }

                Apply(request, row);
                await context.SaveChangesAsync(token);
                return (PutReplica)new PutReplica.Stored(row.ToReplica(), created);
            },
            cancellationToken);

    public Task<Replica?> FindAsync(string service, string id, CancellationToken cancellationToken) =>
        _database.ReadAsync(
            async (unit, token) => await unit.Context.Replicas.FindAsync([id], token) is { } row
                && row.Service == service
                ? row.ToReplica()
                : null,
            cancellationToken);

    /// <summary>
    /// Those of one service by id, from the one after <paramref name="after"/>; of all without a service.
    /// </summary>
    public Task<Page<Replica>> ListAsync(
        string? service, string? after, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync(
            async (unit, token) =>
            {
                var rows = await unit.Context.Replicas.AsNoTracking()
                    .Where(row => service == null || row.Service == service)
                    .Where(row => after == null || string.Compare(row.Id, after) > 0)
                    .OrderBy(row => row.Id).Take(limit + 1).ToListAsync(token);
                return rows.ToPage(limit, row => row.ToReplica(), row => row.Id);
            },
            cancellationToken);

    public Task<bool> DeleteAsync(string service, string id, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            async (unit, token) => await unit.ExecuteAsync(
                "DELETE FROM replicas WHERE id = $1 AND service = $2", [id, service], token) == 1,
            cancellationToken);

    /// <summary>
    /// Stores a verdict if it differs from the last one, with an event; gateways get it within a second.
    /// </summary>
    /// <returns>Whether it changed anything.</returns>
    public Task<bool> SetVerdictAsync(ReplicaVerdict verdict, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            async (unit, token) =>
            {
                var text = EnumText<Verdict>.Format(verdict.Verdict);
                var previous = await unit.ReadFirstAsync(
                    """
                    UPDATE replicas SET verdict = $2, verdict_reason = $3, verdict_at = clock_timestamp()
                    FROM (SELECT id, verdict FROM replicas WHERE id = $1 FOR UPDATE) AS before
                    WHERE replicas.id = before.id AND before.verdict <> $2
                    RETURNING before.verdict
                    """,
                    [verdict.Replica, text, verdict.Reason],
                    row => row.GetString(0),
                    token);
                if (previous is null)
                {
                    return false;
                }

                await OutageLog.FollowAsync(unit, verdict, token);
                var message = new VerdictMessage
                {
                    Replica = verdict.Replica,
                    Previous = EnumText<Verdict>.Parse(previous),
                    Verdict = verdict.Verdict,
                    Reason = verdict.Reason,
                    Observer = verdict.Observer,
                };
                await _outbox.AddAsync(
                    unit,
                    new OutboxMessage<VerdictMessage>(
                        Topics.Events, verdict.Replica, MessageTypes.ReplicaVerdictChanged, message,
                        MessageJson.Default.VerdictMessage),
                    token);
                return true;
            },
            cancellationToken);

    private static void Apply(PutReplicaRequest request, ReplicaRow row)
    {
        var address = request.Address.GetLeftPart(UriPartial.Authority);
        if (row.Address != address)
        {
            // Another server answers there: what was known of the old one says nothing of it.
            row.Verdict = Verdict.Unknown;
            row.VerdictReason = null;
            row.VerdictAt = null;
        }

        row.Domains = request.Domains is { } domains ? [.. domains.Distinct()]
            : row.Site == request.Site ? row.Domains
            : [];
        row.Site = request.Site;
        row.Address = address;
        row.UpstreamModel = request.UpstreamModel;
        row.Engine = request.Engine;
        row.Weight = request.Weight;
        row.Http2 = request.Http2;
        row.Credential = request.Credential;
        row.Continuation = request.Continuation;
        row.Adapters = [.. request.Adapters];
        row.State = request.State;
    }
}
