using Continuity.ControlPlane.Database;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Continuity.ControlPlane.Migrations;

/// <summary>The outages of replicas that have not ended yet; one that ends becomes a fault on record.</summary>
[DbContext(typeof(ControlPlaneContext))]
[Migration("20261126063500_Outages")]
public sealed class Outages : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE outages (
            replica text PRIMARY KEY REFERENCES replicas (id) ON DELETE CASCADE,
            began_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            reason text
        );
        """);

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE outages;");
}
