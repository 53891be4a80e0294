namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value given from outside: configuration key <c>Parameters:NAME</c>, or a default.</summary>
public sealed class ParameterResource(string name, Func<string> valueGetter, bool secret = false)
    : Resource(name), IValueProvider, IManifestExpressionProvider
{
    public bool Secret { get; } = secret;

    public string ValueExpression => $"{{{Name}.value}}";

    /// <value>What a deployment takes when nobody gives a value; null: it has to be given.</value>
    internal ParameterDefault? Default { get; init; }

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(valueGetter());
}

public abstract class ParameterDefault;

/// <summary>A random value; a deployment generates its own.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    public int MinLength { get; set; }

    public bool Lower { get; set; } = true;

    public bool Upper { get; set; } = true;

    public bool Numeric { get; set; } = true;

    public bool Special { get; set; } = true;
}

internal sealed class ConstantParameterDefault(string value) : ParameterDefault
{
    public string Value { get; } = value;
}
