using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Continuity.Gateway;

/// <summary>The limits of this gateway process; everything about services comes with the routing snapshot.</summary>
public sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>The largest request body. The default value is 16 MiB.</summary>
    [Range(1024, 1L << 30)]
    public long MaxRequestBytes { get; set; } = 16 << 20;

    /// <summary>The largest names and values of a request's headers together. The default value is 32 KiB.</summary>
    [Range(1024, 1 << 20)]
    public int MaxRequestHeadersBytes { get; set; } = 32 << 10;

    /// <summary>
    /// How long a client may take to send a request's headers, from its first byte on. The default value is 10 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan RequestHeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may take to send a request's body. The default value is 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan RequestBodyTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The largest answer kept whole before its first byte goes out, so that a broken one can be fetched
    /// elsewhere. Larger ones pass through as they come. The default value is 1 MiB.</summary>
    [Range(4096, 1 << 28)]
    public int MaxBufferedResponseBytes { get; set; } = 1 << 20;

    /// <summary>The largest single event of a stream. The default value is 1 MiB.</summary>
    [Range(4096, 1 << 28)]
    public int MaxEventBytes { get; set; } = 1 << 20;

    /// <summary>How long a connection to a replica may take to be made. The default value is 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long requests in flight may take to end after SIGTERM. The default value is 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long readiness is off before the listening sockets close. The default value is zero.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainDelay { get; set; }

    /// <summary>
    /// The file that gets a line of JSON per request; "-" for standard output. The default value is none.
    /// </summary>
    public string? AccessLog { get; set; }

    /// <summary>
    /// How long the answer to a request with an Idempotency-Key is kept. The default value is 10 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan IdempotencyLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The memory for kept answers. The default value is 64 MiB.</summary>
    [Range(0, 1L << 34)]
    public long IdempotencyBytes { get; set; } = 64 << 20;
}

[OptionsValidator]
internal sealed partial class GatewayOptionsValidator : IValidateOptions<GatewayOptions>;
