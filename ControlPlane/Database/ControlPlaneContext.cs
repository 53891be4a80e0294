using System.Text.Json;
using Continuity.Contracts.ArtefactSets;
using Continuity.Contracts.Routing;
using Continuity.Contracts.Sites;
using Continuity.ControlPlane.Keys;
using Continuity.ControlPlane.Protection;
using Continuity.ControlPlane.Services;
using Continuity.ControlPlane.Sites;
using Microsoft.EntityFrameworkCore;

namespace Continuity.ControlPlane.Database;

/// <summary>
/// The tables that people change now and then. The hot ones (leases, jobs, outbox, inbox, routing version) are written
/// with SQL by their owners, and made in the same migrations.
/// </summary>
internal sealed class ControlPlaneContext(DbContextOptions<ControlPlaneContext> options) : DbContext(options)
{
    public DbSet<SiteRow> Sites => Set<SiteRow>();

    public DbSet<ServiceRow> Services => Set<ServiceRow>();

    public DbSet<ReplicaRow> Replicas => Set<ReplicaRow>();

    public DbSet<PrefixServiceRow> PrefixServices => Set<PrefixServiceRow>();

    public DbSet<TenantRow> Tenants => Set<TenantRow>();

    public DbSet<ArtefactSetRow> ArtefactSets => Set<ArtefactSetRow>();

    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<SiteState>().HaveConversion<EnumTextConverter<SiteState>>();
        configurationBuilder.Properties<ContinuationSupport>().HaveConversion<EnumTextConverter<ContinuationSupport>>();
        configurationBuilder.Properties<EngineKind>().HaveConversion<EnumTextConverter<EngineKind>>();
        configurationBuilder.Properties<ReplicaState>().HaveConversion<EnumTextConverter<ReplicaState>>();
        configurationBuilder.Properties<Verdict>().HaveConversion<EnumTextConverter<Verdict>>();
        configurationBuilder.Properties<DeletionPolicy>().HaveConversion<EnumTextConverter<DeletionPolicy>>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<SiteRow>(site =>
        {
            site.ToTable("sites");
            site.Property(row => row.Domains).HasColumnType("jsonb");
        });
        modelBuilder.Entity<ServiceRow>(service =>
        {
            service.ToTable("services").HasKey(row => row.Name);
            service.Property(row => row.Settings).HasColumnType("jsonb");
        });
        modelBuilder.Entity<TenantRow>(tenant =>
        {
            tenant.ToTable("tenants").HasKey(row => row.Name);
            tenant.Property(row => row.Limits).HasColumnType("jsonb");
        });
        modelBuilder.Entity<ReplicaRow>(replica =>
        {
            replica.ToTable("replicas");
            replica.HasOne<ServiceRow>().WithMany().HasForeignKey(row => row.Service).OnDelete(DeleteBehavior.Cascade);
            replica.HasOne<SiteRow>().WithMany().HasForeignKey(row => row.Site).OnDelete(DeleteBehavior.Restrict);
        });
        modelBuilder.Entity<PrefixServiceRow>(service =>
        {
            service.ToTable("prefix_services").HasKey(row => row.Name);
            service.HasIndex(row => row.Prefix).IsUnique();
        });
        modelBuilder.Entity<ArtefactSetRow>(set =>
        {
            set.ToTable("artefact_sets").HasKey(row => row.Name);
            set.Property(row => row.Targets).HasColumnType("jsonb");
            set.HasOne<SiteRow>().WithMany().HasForeignKey(row => row.SourceSite).OnDelete(DeleteBehavior.Restrict);
            set.HasOne<SiteRow>().WithMany().HasForeignKey(row => row.ArchivesSite).OnDelete(DeleteBehavior.Restrict);
        });
        modelBuilder.Entity<ApiKeyRow>(key =>
        {
            key.ToTable("api_keys");
            key.HasIndex(row => row.Sha256).IsUnique();
        });

        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
            }

            LetDatabaseSetTime(entity, nameof(SiteRow.CreatedAt));
            LetDatabaseSetTime(entity, nameof(SiteRow.UpdatedAt));
        }
    }

    // The database's clock is the only one that all processes share; a trigger sets updated_at.
    private static void LetDatabaseSetTime(Microsoft.EntityFrameworkCore.Metadata.IMutableEntityType entity,
        string name)
    {
        if (entity.FindProperty(name) is { } property)
        {
            property.SetDefaultValueSql("now()");
            property.ValueGenerated = name == nameof(SiteRow.UpdatedAt)
                ? Microsoft.EntityFrameworkCore.Metadata.ValueGenerated.OnAddOrUpdate
                : Microsoft.EntityFrameworkCore.Metadata.ValueGenerated.OnAdd;
        }
    }
}
