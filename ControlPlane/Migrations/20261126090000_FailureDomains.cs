using Continuity.ControlPlane.Database;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Continuity.ControlPlane.Migrations;

/// <summary>What the replicas of a site share below it: racks, power feeds, switches.</summary>
/// <remarks>A change of them wakes who waits for the platform to change, though gateways see nothing of it.</remarks>
[DbContext(typeof(ControlPlaneContext))]
[Migration("20261126090000_FailureDomains")]
public sealed class FailureDomains : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        ALTER TABLE sites ADD COLUMN domains jsonb NOT NULL DEFAULT '[]';
        ALTER TABLE replicas ADD COLUMN domains text[] NOT NULL DEFAULT '{}';
        CREATE CONSTRAINT TRIGGER sites_domains_changed AFTER UPDATE ON sites
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.domains IS DISTINCT FROM NEW.domains)
            EXECUTE FUNCTION bump_routing_version();
        CREATE CONSTRAINT TRIGGER replicas_domains_changed AFTER UPDATE ON replicas
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.domains IS DISTINCT FROM NEW.domains)
            EXECUTE FUNCTION bump_routing_version();
        ALTER TABLE faults DROP CONSTRAINT faults_component_check;
        ALTER TABLE faults ADD CONSTRAINT faults_component_check
            CHECK (component IN ('site', 'gateway', 'replica', 'storage', 'infrastructure'));
        """);

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP TRIGGER sites_domains_changed ON sites;
        DROP TRIGGER replicas_domains_changed ON replicas;
        ALTER TABLE sites DROP COLUMN domains;
        ALTER TABLE replicas DROP COLUMN domains;
        DELETE FROM faults WHERE component = 'infrastructure';
        ALTER TABLE faults DROP CONSTRAINT faults_component_check;
        ALTER TABLE faults ADD CONSTRAINT faults_component_check
            CHECK (component IN ('site', 'gateway', 'replica', 'storage'));
        """);
}
