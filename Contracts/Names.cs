namespace Continuity.Contracts;

/// <summary>What a name may look like, in one place for validation and for documents.</summary>
public static class Names
{
    /// <summary>
    /// Sites, replicas, artefact sets: lower-case letters, digits, dots and hyphens; at most 63 characters.
    /// </summary>
    public const string IdPattern = "^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$";

    /// <summary>
    /// Services carry the model names that clients send ("meta-llama/Llama-3.1-8B"); at most 128 characters.
    /// </summary>
    public const string ServicePattern = "^[A-Za-z0-9](?:[A-Za-z0-9._:/-]{0,126}[A-Za-z0-9])?$";

    /// <summary>Says in words what <see cref="IdPattern"/> accepts.</summary>
    public const string IdRule =
        "{0} must be 1 to 63 lower-case letters, digits, dots or hyphens, and start and end with a letter or digit.";

    /// <summary>Says in words what <see cref="ServicePattern"/> accepts.</summary>
    public const string ServiceRule =
        "{0} must be 1 to 128 letters, digits or ._:/- and start and end with a letter or digit.";
}
