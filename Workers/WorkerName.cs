using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Continuity.Workers;

/// <summary>
/// Who this process is, as a holder of leases: no restart has the same name, so no old lease is mistaken for its own.
/// </summary>
internal sealed class WorkerName(IOptions<WorkerOptions> options)
{
    public string Value { get; } = Format(options.Value);

    private static string Format(WorkerOptions options)
    {
        var roles = string.Join(
            '+', options.Roles.Distinct().Order().Select(role => role.ToString().ToLowerInvariant()));
        return $"{roles}-{options.Site}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
    }
}
