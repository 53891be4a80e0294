namespace Continuity.Contracts;

/// <summary>One page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">The entries, in the list's order.</param>
/// <param name="Next">Passed as <c>cursor</c>, it asks for the page after this one; <see langword="null"/> on the
/// last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
