namespace Aspire.Hosting.Running;

internal enum StopSignal
{
    Terminate,

    /// <summary>PostgreSQL's fast shutdown: clients are cut, data is checkpointed.</summary>
    Interrupt,
}

/// <summary>One process to start.</summary>
internal sealed record LaunchSpec(string FileName, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <value>Whether the host's own variables are passed on.</value>
    public bool InheritsEnvironment { get; init; } = true;

    public StopSignal StopSignal { get; init; } = StopSignal.Terminate;
}
