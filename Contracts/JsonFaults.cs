using System.Text.Json;

namespace Continuity.Contracts;

/// <summary>
/// Says in a reader's words what is wrong with JSON: System.Text.Json names .NET types, which tell nothing.
/// </summary>
public static class JsonFaults
{
    /// <summary>The field that the fault is in, such as <c>services[0].policy</c>; null when it isn't in one.</summary>
    /// <param name="fault">What deserialisation threw.</param>
    public static string? Field(JsonException fault) =>
        fault.Path is { Length: > 2 } path ? path.TrimStart('$').TrimStart('.') : null;

    /// <summary>What is wrong there, as a sentence.</summary>
    /// <param name="fault">What deserialisation threw.</param>
    /// <param name="reference">Where it is written what fields there are and what they take.</param>
    public static string Reason(JsonException fault, string reference)
    {
        if (fault.Message.Contains("could not be mapped", StringComparison.Ordinal))
        {
            return $"There is no such field here; {reference} lists those there are.";
        }

        if (fault.Message.Contains("could not be converted", StringComparison.Ordinal))
        {
            return $"The field does not take this value; {reference} says what it takes.";
        }

        var missing = fault.Message.IndexOf("missing required properties including: ", StringComparison.Ordinal);
        if (missing > 0)
        {
            return $"What must be there is missing: {string.Join(", ", Quoted(fault.Message[missing..]))};"
                + $" {reference} says what it takes.";
        }

        var end = fault.Message.IndexOf(" Path:", StringComparison.Ordinal);
        return $"The JSON is malformed: {(end > 0 ? fault.Message[..end] : fault.Message)}";
    }

    /// <summary>Field, line and reason in one sentence.</summary>
    /// <param name="fault">What deserialisation threw.</param>
    /// <param name="reference">Where it is written what fields there are and what they take.</param>
    public static string Describe(JsonException fault, string reference)
    {
        var line = fault.LineNumber is { } number ? $"line {number + 1}" : null;
        var where = string.Join(", ", new[] { Field(fault), line }.OfType<string>());
        return where.Length == 0 ? Reason(fault, reference) : $"{where}: {Reason(fault, reference)}";
    }

    private static IEnumerable<string> Quoted(string text) => text.Split('\'').Where((_, index) => index % 2 == 1);
}
