using Continuity.ControlPlane.Database;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Continuity.ControlPlane.Migrations;

/// <summary>The tables that are written with SQL, and the triggers that no writer can forget.</summary>
[DbContext(typeof(ControlPlaneContext))]
[Migration("20261123172203_HotTables")]
public sealed class HotTables : Migration
{
    private const string Leases = """
        CREATE TABLE leases (
            name text PRIMARY KEY,
            holder text NOT NULL,
            fencing_token bigint NOT NULL CHECK (fencing_token > 0),
            expires_at timestamptz NOT NULL
        );
        """;

    private const string Jobs = """
        CREATE TABLE jobs (
            id uuid PRIMARY KEY,
            sequence bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
            kind text NOT NULL,
            artefact_set text NOT NULL,
            target_site text,
            archive text,
            destination_site text,
            destination_path text,
            existing text NOT NULL DEFAULT 'refuse',
            state text NOT NULL DEFAULT 'queued'
                CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
            cancel_requested boolean NOT NULL DEFAULT false,
            attempts integer NOT NULL DEFAULT 0,
            max_attempts integer NOT NULL,
            worker text,
            fencing_token bigint,
            progress jsonb,
            result jsonb,
            error_code text,
            error_message text,
            tenant text NOT NULL,
            idempotency_key text,
            request_sha256 text NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            runnable_at timestamptz NOT NULL DEFAULT now(),
            started_at timestamptz,
            completed_at timestamptz,
            UNIQUE (tenant, idempotency_key)
        );
        CREATE INDEX jobs_unfinished ON jobs (artefact_set, sequence) WHERE state IN ('queued', 'running');
        CREATE INDEX jobs_by_state ON jobs (state, sequence);
        CREATE TABLE job_attempts (
            job_id uuid NOT NULL REFERENCES jobs ON DELETE CASCADE,
            number integer NOT NULL,
            worker text NOT NULL,
            fencing_token bigint NOT NULL,
            outcome text NOT NULL DEFAULT 'running',
            error_code text,
            error_message text,
            started_at timestamptz NOT NULL DEFAULT now(),
            ended_at timestamptz,
            PRIMARY KEY (job_id, number)
        );
        """;

    private const string Messages = """
        CREATE TABLE outbox (
            sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id uuid NOT NULL UNIQUE,
            topic text NOT NULL,
            key text NOT NULL,
            payload bytea NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            published_at timestamptz
        );
        CREATE INDEX outbox_unpublished ON outbox (sequence) WHERE published_at IS NULL;
        CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;
        CREATE TABLE inbox (
            consumer text NOT NULL,
            message_id uuid NOT NULL,
            handled_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (consumer, message_id)
        );
        CREATE INDEX inbox_handled ON inbox (handled_at);
        CREATE FUNCTION wake_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('continuity_outbox', '');
            RETURN NULL;
        END $$;
        CREATE TRIGGER outbox_wake AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION wake_outbox();
        """;

    // One row, not a sequence: the row's lock makes versions visible in the order in which they were given out, so a
    // reader that has seen version n has seen every change up to n. Deferred to the commit, so that the lock is held
    // for an instant and taken after all others (no deadlock).
    private const string Routing = """
        CREATE TABLE routing_version (
            single boolean PRIMARY KEY DEFAULT true CHECK (single),
            version bigint NOT NULL,
            changed_at timestamptz NOT NULL
        );
        INSERT INTO routing_version (version, changed_at) VALUES (1, now());
        CREATE FUNCTION bump_routing_version() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE routing_version SET version = version + 1, changed_at = clock_timestamp();
            PERFORM pg_notify('continuity_routing', '');
            RETURN NULL;
        END $$;
        """;

    private const string Touch = """
        CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.updated_at = now();
            RETURN NEW;
        END $$;
        """;

    // What a gateway can see of each table; a change of anything else (a verdict's reason, say) makes no new version.
    private static readonly (string Table, string[] Columns)[] _visible =
    [
        ("sites", ["state", "priority", "weight"]),
        ("services", ["settings"]),
        ("tenants", ["limits"]),
        (
            "replicas",
            [
                "site", "address", "upstream_model", "engine", "weight", "http2", "continuation", "adapters", "state",
                "verdict",
            ]
        ),
        ("prefix_services", ["prefix", "strip_prefix", "addresses"]),
        ("api_keys", ["sha256", "tenant", "roles", "expires_at", "revoked_at"]),
    ];

    private static readonly string[] _touched = ["sites", "services", "replicas", "artefact_sets"];

    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Leases);
        migrationBuilder.Sql(Jobs);
        migrationBuilder.Sql(Messages);
        migrationBuilder.Sql(Routing);
        migrationBuilder.Sql(Touch);
        foreach (var (table, columns) in _visible)
        {
            var changed = string.Join(" OR ", columns.Select(name => $"OLD.{name} IS DISTINCT FROM NEW.{name}"));
            migrationBuilder.Sql($"""
                CREATE CONSTRAINT TRIGGER {table}_routing AFTER INSERT OR DELETE ON {table}
                    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bump_routing_version();
                CREATE CONSTRAINT TRIGGER {table}_routing_changed AFTER UPDATE ON {table}
                    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ({changed})
                    EXECUTE FUNCTION bump_routing_version();
                """);
        }

        foreach (var table in _touched)
        {
            migrationBuilder.Sql($"""
                CREATE TRIGGER {table}_touch BEFORE UPDATE ON {table}
                    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
                """);
        }
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP TABLE job_attempts, jobs, leases, outbox, inbox, routing_version CASCADE;
        DROP FUNCTION bump_routing_version, wake_outbox, touch_updated_at CASCADE;
        """);
}
