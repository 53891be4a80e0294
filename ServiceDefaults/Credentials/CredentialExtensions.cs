using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Continuity.ServiceDefaults.Credentials;

/// <summary>Registers what replicas ask for.</summary>
public static class CredentialExtensions
{
    /// <summary>Reads the section <c>Credentials</c> now, so that a wrong one stops the process at once.</summary>
    /// <exception cref="InvalidOperationException">A secret is missing or can't be sent.</exception>
    public static void AddReplicaCredentials(this IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton(ReplicaCredentials.Read(builder.Configuration));
}
