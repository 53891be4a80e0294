using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Tells the application about the states of its resources.</summary>
public sealed class ResourceNotificationService
{
    private readonly StateBoard _board;

    internal ResourceNotificationService(StateBoard board) => _board = board;

    public async IAsyncEnumerable<ResourceEvent> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var change in _board.FollowAsync(cancellationToken))
        {
            var snapshot = change.Snapshot;
            var state = change.IsRemoved ? KnownResourceStates.Finished : snapshot.State;
            yield return new ResourceEvent(snapshot.Resource, snapshot.Id, new CustomResourceSnapshot
            {
                ResourceType = snapshot.Kind,
                State = new ResourceStateSnapshot(state, null),
                Urls = Urls(snapshot),
            });
        }
    }

    private static ImmutableArray<UrlSnapshot> Urls(InstanceSnapshot snapshot) =>
    [
        .. snapshot.Addresses.SelectMany(address => (UrlSnapshot[])
        [
            new(address.Name, $"{address.Scheme}://localhost:{address.Port}", IsInternal: false),
            new(address.Name, $"{address.Scheme}://127.0.0.1:{address.TargetPort}", IsInternal: true),
        ]),
    ];
}
