namespace Continuity.Cli;

/// <summary>The user must change the command line or a setting; the message says how.</summary>
internal sealed class UsageException(string message) : Exception(message);
