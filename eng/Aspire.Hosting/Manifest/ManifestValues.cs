using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Manifest;

/// <summary>Names values by expressions, and remembers which parameters they need.</summary>
internal sealed class ManifestValues
{
    private readonly List<ParameterResource> _parameters = [];
    private readonly List<UriEncodedParameter> _encoded = [];

    /// <value>In the order of their first use.</value>
    public IReadOnlyList<ParameterResource> Parameters => _parameters;

    public string Expression(object value)
    {
        Remember(value);
        return value switch
        {
            string text => text,
            IManifestExpressionProvider provider => provider.ValueExpression,
            _ => throw new DistributedApplicationException(
                $"A value of type {value.GetType().Name} has no expression in a manifest."),
        };
    }

    public IEnumerable<UriEncodedParameter> EncodedFormsOf(IResource resource) =>
        _encoded.Where(encoded => encoded.Parameter == resource);

    private void Remember(object value)
    {
        switch (value)
        {
            case ReferenceExpression expression:
                foreach (var part in expression.Parts)
                {
                    Remember(part);
                }

                break;
            case UriEncodedParameter encoded:
                if (!_encoded.Exists(known => known.ResourceName == encoded.ResourceName))
                {
                    _encoded.Add(encoded);
                }

                Remember(encoded.Parameter);
                break;
            case ParameterResource parameter when !_parameters.Contains(parameter):
                _parameters.Add(parameter);
                break;
            default:
                break;
        }
    }
}
