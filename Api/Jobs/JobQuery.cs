using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Continuity.Contracts;
using Continuity.Contracts.Jobs;

namespace Continuity.Api.Jobs;

/// <summary>Which jobs to list.</summary>
public sealed class JobQuery : IValidatableObject
{
    /// <summary>Only those in this state ("queued", "running", "succeeded", "failed", "cancelled").</summary>
    public string? State { get; init; }

    /// <summary>Only those of this kind ("sync", "backup", "restore").</summary>
    public string? Kind { get; init; }

    /// <summary>Only those of this artefact set.</summary>
    [RegularExpression(Names.IdPattern, ErrorMessage = Names.IdRule)]
    public string? ArtefactSet { get; init; }

    internal JobState? ParsedState => Parse<JobState>(State);

    internal JobKind? ParsedKind => Parse<JobKind>(Kind);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (State is not null && ParsedState is null)
        {
            yield return new ValidationResult($"State must be one of {Words<JobState>()}.", [nameof(State)]);
        }

        if (Kind is not null && ParsedKind is null)
        {
            yield return new ValidationResult($"Kind must be one of {Words<JobKind>()}.", [nameof(Kind)]);
        }
    }

    // Query strings know only the C# names; here they are the words of the JSON.
    private static TEnum? Parse<TEnum>(string? text)
        where TEnum : struct, Enum =>
        Enum.GetValues<TEnum>().Cast<TEnum?>().FirstOrDefault(value =>
            Word(value!.Value) == text); // values of the enum

    private static string Words<TEnum>()
        where TEnum : struct, Enum =>
        string.Join(", ", Enum.GetValues<TEnum>().Select(Word));

    private static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum =>
        JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
