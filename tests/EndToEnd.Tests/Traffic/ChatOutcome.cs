namespace Continuity.EndToEnd.Tests.Traffic;

/// <summary>What became of one request.</summary>
/// <param name="Number">Which request it was; it decides the prompt.</param>
/// <param name="IsStreamed">Whether the answer was asked for in pieces.</param>
/// <param name="HasBegun">Whether a piece of text had arrived before it ended, well or not.</param>
/// <param name="Text">What arrived.</param>
/// <param name="Error">Null when it was answered.</param>
internal sealed record ChatOutcome(int Number, bool IsStreamed, bool HasBegun, string Text, string? Error)
{
    public bool HasFailed => Error is not null;
}
