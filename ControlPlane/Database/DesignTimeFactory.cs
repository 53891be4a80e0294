using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Continuity.ControlPlane.Database;

/// <summary>Lets <c>dotnet ef migrations add</c> read the model; it never connects.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<ControlPlaneContext>
{
    public ControlPlaneContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<ControlPlaneContext>().UseNpgsql().Options);
}
