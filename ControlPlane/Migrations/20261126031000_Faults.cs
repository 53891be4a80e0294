using Continuity.ControlPlane.Database;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Continuity.ControlPlane.Migrations;

/// <summary>The faults that incidents and drills showed: what failure rates are estimated from.</summary>
[DbContext(typeof(ControlPlaneContext))]
[Migration("20261126031000_Faults")]
public sealed class Faults : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE faults (
            id text PRIMARY KEY,
            component text NOT NULL CHECK (component IN ('site', 'gateway', 'replica', 'storage')),
            is_drill boolean NOT NULL,
            repair_hours double precision CHECK (repair_hours > 0),
            failover_succeeded boolean,
            note text,
            recorded_at timestamptz NOT NULL DEFAULT now()
        );
        """);

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE faults;");
}
