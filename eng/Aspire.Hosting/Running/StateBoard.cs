using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.Running;

/// <summary>The state of every replica, for those who ask and those who follow.</summary>
internal sealed class StateBoard
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, InstanceSnapshot> _current = new(StringComparer.Ordinal);
    private readonly List<Channel<BoardChange>> _followers = [];

    public IReadOnlyList<InstanceSnapshot> Current
    {
        get
        {
            lock (_lock)
            {
                return [.. _current.Values];
            }
        }
    }

    public void Put(InstanceSnapshot snapshot) => Change(snapshot.Id, _ => snapshot);

    public void Update(string id, Func<InstanceSnapshot, InstanceSnapshot> change) =>
        Change(id, old => old is null ? null : change(old));

    public void Remove(string id) => Change(id, _ => null);

    public IReadOnlyList<InstanceSnapshot> Of(string resourceName) =>
        [.. Current.Where(snapshot => snapshot.Resource.Name == resourceName)];

    /// <summary>Waits until the condition holds; looked at again after each change.</summary>
    public async Task UntilAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        if (condition())
        {
            return;
        }

        await foreach (var _ in FollowAsync(cancellationToken))
        {
            if (condition())
            {
                return;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>All current states first, then each change.</summary>
    public async IAsyncEnumerable<BoardChange> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Unbounded on purpose: a change is small and rare, and a follower that missed one would be wrong for ever.
        var channel = Channel.CreateUnbounded<BoardChange>();
        lock (_lock)
        {
            foreach (var snapshot in _current.Values)
            {
                channel.Writer.TryWrite(new BoardChange(snapshot, IsRemoved: false));
            }

            _followers.Add(channel);
        }

        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return change;
            }
        }
        finally
        {
            lock (_lock)
            {
                _followers.Remove(channel);
            }
        }
    }

    private void Change(string id, Func<InstanceSnapshot?, InstanceSnapshot?> change)
    {
        lock (_lock)
        {
            var old = _current.GetValueOrDefault(id);
            var now = change(old);
            if (now == old)
            {
                return;
            }

            if (now is null)
            {
                _current.Remove(id);
            }
            else
            {
                _current[id] = now;
            }

            // The lock is held, so either the new or the old one is there.
            var told = new BoardChange(now ?? old!, IsRemoved: now is null);
            _followers.ForEach(follower => follower.Writer.TryWrite(told));
        }
    }
}

internal readonly record struct BoardChange(InstanceSnapshot Snapshot, bool IsRemoved);
