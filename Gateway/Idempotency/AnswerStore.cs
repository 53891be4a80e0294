using Microsoft.Extensions.Options;

namespace Continuity.Gateway.Idempotency;

/// <summary>Answers by idempotency key, for a while and within a bound of memory; the oldest go first.</summary>
internal sealed class AnswerStore(Clock clock, IOptions<GatewayOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IdempotencyKey, Entry> _entries = [];
    private readonly LinkedList<IdempotencyKey> _byAge = new();
    private long _bytes;

    /// <summary>The entry of a key; the caller owns it when it is new, and must complete it.</summary>
    public Entry Open(IdempotencyKey key, ulong bodyHash, out bool isNew)
    {
        lock (_lock)
        {
            DropExpired();
            if (_entries.TryGetValue(key, out var entry))
            {
                isNew = false;
                return entry;
            }

            entry = new Entry(bodyHash, clock.After(options.Value.IdempotencyLifetime));
            _entries[key] = entry;
            _byAge.AddLast(key);
            isNew = true;
            return entry;
        }
    }

    /// <summary>Keeps an answer for whoever shows the key again.</summary>
    public void Keep(IdempotencyKey key, Entry entry, StoredAnswer answer)
    {
        lock (_lock)
        {
            _bytes += entry.Size = answer.Size;
            while (_bytes > options.Value.IdempotencyBytes && _byAge.First is { } oldest)
            {
                Drop(oldest.Value);
            }
        }

        entry.Complete(answer);
    }

    /// <summary>There is nothing to keep: the next request with the key tries for itself.</summary>
    public void Abandon(IdempotencyKey key, Entry entry)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var held) && ReferenceEquals(held, entry))
            {
                Drop(key);
            }
        }

        entry.Complete(null);
    }

    private void DropExpired()
    {
        var now = clock.Now;
        while (_byAge.First is { } oldest && _entries[oldest.Value] is { IsComplete: true } entry
            && entry.ExpiresAt <= now)
        {
            Drop(oldest.Value);
        }
    }

    private void Drop(IdempotencyKey key)
    {
        if (_entries.Remove(key, out var entry))
        {
            _bytes -= entry.Size;
            _byAge.Remove(key);
        }
    }

    /// <summary>A key's answer, or the promise of one.</summary>
    internal sealed class Entry(ulong bodyHash, long expiresAt)
    {
        private readonly TaskCompletionSource<StoredAnswer?> _answer =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ulong BodyHash => bodyHash;

        public long ExpiresAt => expiresAt;

        public long Size { get; set; }

        public bool IsComplete => _answer.Task.IsCompleted;

        /// <summary>The first request's answer; nothing when it had none worth keeping.</summary>
        public Task<StoredAnswer?> Answer => _answer.Task;

        public void Complete(StoredAnswer? answer) => _answer.TrySetResult(answer);
    }
}

/// <summary>A key as its tenant chose it: two tenants' equal keys are different keys.</summary>
internal readonly record struct IdempotencyKey(string Tenant, string Path, string Key);
