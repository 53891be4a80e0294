using System.Collections.Concurrent;

namespace Continuity.ControlPlane.Database;

/// <summary>
/// Wakes whoever waits for a change in PostgreSQL (LISTEN and NOTIFY, on one connection for the process).
/// </summary>
/// <remarks>
/// A hint and no more: notifications are lost with their connection, so every waiter also looks by itself.
/// </remarks>
public sealed class Notifications(TimeProvider time)
{
    internal const string Outbox = "continuity_outbox";
    internal const string Routing = "continuity_routing";

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _next = new(StringComparer.Ordinal);

    /// <summary>Completes with the channel's next notification. Take it, then look, then wait for it.</summary>
    internal Task NextAsync(string channel) => _next.GetOrAdd(channel, _ => NewSource()).Task;

    /// <summary>Waits for a notification, for so long at most.</summary>
    internal async Task WaitAsync(Task next, TimeSpan atMost, CancellationToken cancellationToken)
    {
        try
        {
            await next.WaitAsync(atMost, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Then the caller looks by itself.
        }
    }

    internal void Wake(string channel)
    {
        if (_next.TryRemove(channel, out var source))
        {
            source.TrySetResult();
        }
    }

    internal void WakeAll()
    {
        foreach (var channel in _next.Keys)
        {
            Wake(channel);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
