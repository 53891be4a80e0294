namespace Aspire.Hosting.ApplicationModel;

/// <summary>A parameter inside a URI: its value percent-encoded, its expression a resource of its own.</summary>
internal sealed class UriEncodedParameter(ParameterResource parameter) : IValueProvider, IManifestExpressionProvider
{
    public ParameterResource Parameter { get; } = parameter;

    public string ResourceName => $"{Parameter.Name}-uri-encoded";

    public string ValueExpression => $"{{{ResourceName}.value}}";

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        Uri.EscapeDataString(await Parameter.GetValueAsync(cancellationToken) ?? "");
}
