using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Continuity.Gateway.Routing;

/// <summary>Where the routing snapshot comes from, and what of it is believed.</summary>
public sealed class RoutingOptions
{
    public const string Section = "Routing";

    /// <summary>The key that the Api asks for. Needed unless <see cref="File"/> is set.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The Api's address. The default value is the one that service discovery has for "api".</summary>
    public Uri? ApiAddress { get; set; }

    /// <summary>
    /// The folder of the last-known-good files. The default value is "routing" below the working folder.
    /// </summary>
    [Required]
    public string CachePath { get; set; } = "routing";

    /// <summary>Serve from this file and ask no Api. Read again whenever it changes.</summary>
    public string? File { get; set; }

    /// <summary>How long the Api may hold a question open. The default value is 20 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long to wait before the Api is asked again after an error. The default value is 500 milliseconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// A snapshot that drops a greater share of the replicas is refused, unless it says that this is meant.
    /// The default value is 0.5; 1 accepts any.
    /// </summary>
    [Range(0.0, 1.0)]
    public double MaxDroppedShare { get; set; } = 0.5;
}

[OptionsValidator]
internal sealed partial class RoutingOptionsValidator : IValidateOptions<RoutingOptions>;
