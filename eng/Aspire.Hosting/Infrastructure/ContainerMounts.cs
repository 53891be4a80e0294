using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Infrastructure;

/// <summary>
/// Gives a local program the files that a container would see: a folder of links, one for each mount, so that relative
/// paths inside configuration files hold too.
/// </summary>
internal sealed class ContainerMounts(StateFolder state)
{
    /// <summary>Makes the links afresh and returns the folder that stands for the container's root.</summary>
    public string Link(ContainerResource container)
    {
        var root = Path.Combine(state.Mounts, container.Name);
        if (Directory.Exists(root))
        {
            // Deletes links, never what they point at.
            Directory.Delete(root, recursive: true);
        }

        foreach (var mount in container.Annotations.OfType<ContainerMountAnnotation>())
        {
            var source = Source(container, mount);
            if (!Path.Exists(source))
            {
                throw new DistributedApplicationException(
                    $"Resource '{container.Name}' mounts {source}, which does not exist.");
            }

            var link = root + mount.Target;
            Directory.CreateDirectory(Path.GetDirectoryName(link)!);
            File.CreateSymbolicLink(link, source);
        }

        return root;
    }

    /// <summary>Arguments name paths inside the container: the mounted ones are led to their links.</summary>
    public static string Translate(ContainerResource container, string root, string argument)
    {
        foreach (var target in container.Annotations.OfType<ContainerMountAnnotation>().Select(mount => mount.Target))
        {
            var at = argument.IndexOf(target, StringComparison.Ordinal);
            if (at == 0 || (at > 0 && argument[at - 1] == '='))
            {
                return argument.Insert(at, root);
            }
        }

        return argument;
    }

    private string Source(ContainerResource container, ContainerMountAnnotation mount)
    {
        if (!mount.IsVolume)
        {
            return mount.Source!;
        }

        var volume = Path.Combine(state.Volumes, mount.Source ?? container.Name);
        Directory.CreateDirectory(volume);
        return volume;
    }
}
