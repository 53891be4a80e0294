namespace Continuity.Vault.Checkpoints;

/// <summary>An object of a pickle: the name of its class and those of its attributes that are texts, whole numbers or
/// objects. Nothing of the class itself is known or run.</summary>
internal sealed class PickleObject(string className)
{
    private static readonly Dictionary<string, object?> Nothing = [];

    public string ClassName { get; } = className;

    public IReadOnlyDictionary<string, object?> State { get; set; } = Nothing;
}
