using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class ContainerResourceBuilderExtensions
{
    public static IResourceBuilder<ContainerResource> AddContainer(
        this IDistributedApplicationBuilder builder, string name, string image, string tag)
    {
        var container = builder.AddResource(new ContainerResource(name));
        container.Resource.Annotations.Add(new ContainerImageAnnotation(null, image, tag));
        return container;
    }

    public static IResourceBuilder<T> WithImageTag<T>(this IResourceBuilder<T> builder, string tag)
        where T : ContainerResource
    {
        var image = builder.Resource.Annotations.OfType<ContainerImageAnnotation>().Single();
        builder.Resource.Annotations.Replace(image with { Tag = tag });
        return builder;
    }

    public static IResourceBuilder<T> WithBindMount<T>(
        this IResourceBuilder<T> builder, string source, string target, bool isReadOnly = false)
        where T : ContainerResource
    {
        var path = Path.GetFullPath(source, builder.ApplicationBuilder.AppHostDirectory);
        builder.Resource.Annotations.Add(new ContainerMountAnnotation(path, target, IsVolume: false, isReadOnly));
        return builder;
    }

    public static IResourceBuilder<T> WithVolume<T>(
        this IResourceBuilder<T> builder, string? name, string target, bool isReadOnly = false)
        where T : ContainerResource
    {
        builder.Resource.Annotations.Add(new ContainerMountAnnotation(name, target, IsVolume: true, isReadOnly));
        return builder;
    }
}
