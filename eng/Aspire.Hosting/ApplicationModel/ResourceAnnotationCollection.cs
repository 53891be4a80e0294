using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>
{
    internal void Replace<T>(T annotation)
        where T : class, IResourceAnnotation
    {
        foreach (var old in this.OfType<T>().ToList())
        {
            Remove(old);
        }

        Add(annotation);
    }
}
