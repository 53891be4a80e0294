using System.Globalization;
using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Turns the model's values into text for one replica: its own target ports are its alone.</summary>
internal sealed class ValueResolver(IResource resource, Instance instance)
{
    public async ValueTask<string> ResolveAsync(object value, CancellationToken cancellationToken)
    {
        switch (value)
        {
            case string text:
                return text;
            case EndpointReferenceExpression { Property: EndpointProperty.TargetPort } own
                when own.Endpoint.Resource == resource
                    && instance.TargetPorts.TryGetValue(own.Endpoint.EndpointName, out var port):
                return port.ToString(CultureInfo.InvariantCulture);
            case ReferenceExpression expression:
                var all = new StringBuilder();
                foreach (var part in expression.Parts)
                {
                    all.Append(await ResolveAsync(part, cancellationToken));
                }

                return all.ToString();
            case IValueProvider provider:
                return await provider.GetValueAsync(cancellationToken) ?? "";
            default:
                throw new DistributedApplicationException(
                    $"Resource '{resource.Name}': a value of type {value.GetType().Name} "
                    + "cannot be passed to a process.");
        }
    }

    public async ValueTask<IReadOnlyList<string>> ArgumentsAsync(CancellationToken cancellationToken)
    {
        var arguments = new List<string>();
        foreach (var argument in resource.Annotations.OfType<ArgumentAnnotation>())
        {
            arguments.Add(await ResolveAsync(argument.Value, cancellationToken));
        }

        return arguments;
    }
}
