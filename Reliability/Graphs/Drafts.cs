namespace Continuity.Reliability.Graphs;

/// <summary>A basic event as it was given, unchecked.</summary>
internal sealed record EventDraft(string Id, double Probability, string? Label, int? Line);

/// <summary>A house event as it was given, unchecked.</summary>
internal sealed record HouseDraft(string Id, bool State, string? Label, int? Line);

/// <summary>A gate as it was given, its arguments still ids.</summary>
internal sealed record GateDraft(
    string Id, GateKind Kind, int Threshold, string[] Arguments, string? Label, int? Line);
