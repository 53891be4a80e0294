using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Manifest;

internal static class ManifestWriter
{
    public static Task WriteFileAsync(
        IReadOnlyList<IResource> resources, IConfiguration configuration, CancellationToken cancellationToken) =>
        throw new DistributedApplicationException($"{resources} {configuration} {cancellationToken}");
}
