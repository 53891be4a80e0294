using System.ComponentModel.DataAnnotations;
using Continuity.Contracts;
using Microsoft.Extensions.Options;

namespace Continuity.Workers;

/// <summary>What this process does, and where it stands.</summary>
internal sealed class WorkerOptions
{
    public const string Section = "Worker";

    /// <summary>The site at which it runs; required.</summary>
    [Required]
    [RegularExpression(Names.IdPattern, ErrorMessage = Names.IdRule)]
    public string Site { get; set; } = "";

    /// <summary>What it does: at least one of sync, backup, monitor.</summary>
    [Required]
    [MinLength(1, ErrorMessage = "Worker:Roles is empty. Set Worker__Roles__0 to sync, backup or monitor.")]
    public WorkerRole[] Roles { get; set; } = [];

    /// <summary>Jobs done at a time, each of another artefact set. The default value is 2; 1 to 32.</summary>
    [Range(1, 32)]
    public int Concurrency { get; set; } = 2;

    public bool Has(WorkerRole role) => Roles.Contains(role);
}

internal enum WorkerRole
{
    /// <summary>Copies folders from site to site.</summary>
    Sync,

    /// <summary>Writes archives, and restores them.</summary>
    Backup,

    /// <summary>Probes replicas and gives verdicts.</summary>
    Monitor,
}

[OptionsValidator]
internal sealed partial class WorkerOptionsValidator : IValidateOptions<WorkerOptions>;
