using System.Runtime.CompilerServices;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Tests.Storage;

/// <summary>A store whose operations fail as a plan says. After a kill, open the inner store again: it holds what a
/// crash would have left.</summary>
public sealed class FaultyBlobStore(IBlobStore inner, FaultPlan plan) : IBlobStore
{
    private long _operations;
    private volatile bool _killed;

    /// <summary>Gets how many operations were asked for so far; their numbers begin at 0.</summary>
    public long Operations => Interlocked.Read(ref _operations);

    public string Description => inner.Description;

    public ValueTask<StoreCapabilities> GetCapabilitiesAsync(CancellationToken cancellationToken) =>
        inner.GetCapabilitiesAsync(cancellationToken);

    public ValueTask<PutOutcome> PutAsync(
        string name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) =>
        ChangeAsync(
            name,
            () => inner.PutAsync(name, content, condition, cancellationToken),
            torn: async () =>
                await inner.PutAsync(name, content[..(content.Length / 2)], condition, cancellationToken));

    public async ValueTask<int> GetAsync(
        string name, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var fault = NextReadFault(name);
        var read = await inner.GetAsync(name, offset, destination, cancellationToken);
        if (fault == Fault.FlippedBit && read > 0)
        {
            destination.Span[read / 2] ^= 1;
        }

        Finish(fault, name);
        return fault == Fault.ShortRead && read > 0 ? read - 1 : read;
    }

    public async ValueTask<BlobInfo?> StatAsync(string name, CancellationToken cancellationToken)
    {
        var fault = NextReadFault(name);
        var info = await inner.StatAsync(name, cancellationToken);
        Finish(fault, name);
        return info;
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var fault = NextReadFault(prefix);
        await foreach (var blob in inner.ListAsync(prefix, cancellationToken))
        {
            yield return blob;
        }

        // A listing that breaks off does so after it has returned something: users must not take the part for the
        // whole.
        Finish(fault, prefix);
    }

    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken) =>
        await ChangeAsync(
            name,
            async () =>
            {
                await inner.DeleteAsync(name, cancellationToken);
                return PutOutcome.Written;
            },
            torn: () => ValueTask.CompletedTask);

    public async ValueTask<int> RemoveAbandonedAsync(TimeSpan minimumAge, CancellationToken cancellationToken)
    {
        var fault = NextReadFault("remains");
        var removed = await inner.RemoveAbandonedAsync(minimumAge, cancellationToken);
        Finish(fault, "remains");
        return removed;
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async ValueTask<PutOutcome> ChangeAsync(
        string name, Func<ValueTask<PutOutcome>> change, Func<ValueTask> torn)
    {
        BlobName.ThrowIfInvalid(name);
        var fault = NextFault();
        switch (fault)
        {
            case Fault.Unavailable:
                throw Unavailable(name);
            case Fault.Full:
                throw new StoreFullException($"No room is left for '{name}': {plan.Description}.");
            case Fault.TornThenKill:
                await torn();
                throw Kill();
        }

        var outcome = await change();
        Finish(fault, name);
        return outcome;
    }

    private Fault NextReadFault(string name) => NextFault() switch
    {
        Fault.Unavailable => throw Unavailable(name),
        Fault.TornThenKill => throw Kill(),
        var fault => fault,
    };

    private Fault NextFault()
    {
        if (_killed)
        {
            throw new ProcessKilledException();
        }

        var fault = plan.Decide(Interlocked.Increment(ref _operations) - 1);
        return fault == Fault.KillBefore ? throw Kill() : fault;
    }

    private void Finish(Fault fault, string name)
    {
        switch (fault)
        {
            case Fault.LostAnswer:
                throw Unavailable(name);
            case Fault.KillAfter:
                throw Kill();
        }
    }

    private ProcessKilledException Kill()
    {
        _killed = true;
        return new ProcessKilledException();
    }

    private StoreUnavailableException Unavailable(string name) =>
        new($"'{name}' in {inner.Description} is unavailable: {plan.Description}.");
}
