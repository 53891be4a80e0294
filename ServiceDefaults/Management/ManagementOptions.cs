using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Continuity.ServiceDefaults.Management;

/// <summary>Section <c>Management</c>.</summary>
/// <param name="Port">The port, which must also be among the addresses to listen on; without one there are no
/// metrics.</param>
internal sealed record ManagementOptions(int? Port)
{
    private const string PortKey = "Management:Port";

    public static ManagementOptions Read(IConfiguration configuration)
    {
        var text = configuration[PortKey];
        if (string.IsNullOrWhiteSpace(text))
        {
            return new ManagementOptions(Port: null);
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and < 65536
            ? new ManagementOptions(port)
            : throw new InvalidOperationException($"{PortKey} is '{text}'; it must be a port number from 1 to 65535.");
    }
}
