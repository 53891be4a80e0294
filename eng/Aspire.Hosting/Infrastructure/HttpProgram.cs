using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Infrastructure;

/// <summary>A server of the Prometheus family: one program, told its address by <c>--web.listen-address</c>.</summary>
internal sealed class HttpProgram(string program, string package, IReadOnlyList<string> extra, ContainerMounts mounts)
    : ILocalProgram
{
    public DebianPackage? Package => new(package, () => ExecutablePath.Find(program) is not null);

    public async Task<LaunchSpec> PrepareAsync(
        ContainerResource container, Instance instance, CancellationToken cancellationToken)
    {
        var root = mounts.Link(container);
        var arguments = await new ValueResolver(container, instance).ArgumentsAsync(cancellationToken);
        var file = ExecutablePath.Find(program)
            ?? throw new DistributedApplicationException($"Resource '{container.Name}' needs the program {program}.");
        return new LaunchSpec(
            file,
            [
                .. arguments.Select(argument => ContainerMounts.Translate(container, root, argument)),
                $"--web.listen-address=127.0.0.1:{instance.TargetPorts.Values.Single()}",
                .. extra,
            ],
            root);
    }
}
