using Continuity.ControlPlane.Database;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Continuity.ControlPlane.Migrations;

/// <summary>The names of what replicas ask for; the secrets themselves are in gateways' and monitors' settings.</summary>
[DbContext(typeof(ControlPlaneContext))]
[Migration("20261126120000_Credentials")]
public sealed class Credentials : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        ALTER TABLE replicas ADD COLUMN credential text;
        CREATE CONSTRAINT TRIGGER replicas_credential_changed AFTER UPDATE ON replicas
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.credential IS DISTINCT FROM NEW.credential)
            EXECUTE FUNCTION bump_routing_version();
        """);

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP TRIGGER replicas_credential_changed ON replicas;
        ALTER TABLE replicas DROP COLUMN credential;
        """);
}
