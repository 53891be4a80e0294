namespace Aspire.Hosting.Control;

internal static class DetachedHost
{
    public static Task<int> StartAsync(StateFolder state, CancellationToken cancellationToken) =>
        throw new DistributedApplicationException($"{state.Path} {cancellationToken}");
}
