using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>What a resource waits for before its first start.</summary>
internal static class WaitCondition
{
    public static async Task WaitAsync(IResource resource, StateBoard board, CancellationToken cancellationToken)
    {
        foreach (var wait in resource.Annotations.OfType<WaitAnnotation>())
        {
            await board.UntilAsync(() => Holds(wait, board), cancellationToken);
            if (wait.Kind == WaitKind.Completed
                && Codes(wait, board) is var codes && codes.Any(code => code != wait.ExitCode))
            {
                throw new DistributedApplicationException(
                    $"'{wait.Dependency.Name}' ended with exit code {codes.First(code => code != wait.ExitCode)}, "
                    + $"expected {wait.ExitCode}");
            }
        }
    }

    private static IReadOnlyList<int?> Codes(WaitAnnotation wait, StateBoard board) =>
        [.. board.Of(wait.Dependency.Name).Select(snapshot => snapshot.ExitCode)];

    private static bool Holds(WaitAnnotation wait, StateBoard board)
    {
        var snapshots = board.Of(wait.Dependency.Name);
        return snapshots.Count > 0 && snapshots.All(snapshot => wait.Kind switch
        {
            WaitKind.Healthy => snapshot.IsReady,
            WaitKind.Started => snapshot.State == KnownResourceStates.Running,
            _ => snapshot.IsTerminal,
        });
    }
}
