using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Building;

namespace Aspire.Hosting.Infrastructure;

/// <summary>The one table from container images to the local programs that serve in their place.</summary>
internal sealed class KnownImages
{
    private readonly Dictionary<string, ILocalProgram> _programs;

    public KnownImages(AppHostBuildOutput output, StateFolder state, TimeProvider time)
    {
        var mounts = new ContainerMounts(state);
        _programs = new(StringComparer.Ordinal)
        {
            ["library/postgres"] = new PostgresProgram(new PostgresFiles(state), time),
            ["confluentinc/confluent-local"] = new BrokerProgram(output),
            ["prom/prometheus"] = new HttpProgram("prometheus", "prometheus", [], mounts),
            ["prom/alertmanager"] =
                new HttpProgram(
                    "prometheus-alertmanager", "prometheus-alertmanager", ["--cluster.listen-address="], mounts),
        };
    }

    public ILocalProgram ProgramOf(ContainerResource container)
    {
        var image = container.Annotations.OfType<ContainerImageAnnotation>().Single();
        return _programs.TryGetValue(image.Image, out var program)
            ? program
            : throw new DistributedApplicationException(
                $"Container '{container.Name}' ({image.FullName}) needs a container engine and the Aspire packages; "
                + $"without them only these images run: {string.Join(", ", _programs.Keys)}.");
    }
}
