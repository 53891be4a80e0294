using Continuity.Workers.Jobs;

namespace Continuity.Workers.Files;

/// <summary>
/// Keeps links inside the set: a copy or an archive with a link to somewhere else would be neither complete nor safe.
/// </summary>
internal static class LinkGuard
{
    // As the kernel counts them (ELOOP): what goes on longer is a circle, which leads nowhere and so not out of the
    // set.
    private const int MaxHops = 40;

    /// <summary>
    /// Follows a link through the other links of the set and refuses it when any step leaves the set.
    /// </summary>
    /// <param name="path">The link, relative to the root.</param>
    /// <param name="target">What it says.</param>
    /// <param name="linkAt">What the link at a relative path says; <see langword="null"/> when there is none.</param>
    /// <exception cref="JobFailureException">It points out of the set.</exception>
    public static void Check(string path, string target, Func<string, string?> linkAt)
    {
        var resolved = new List<string>(path.Split('/')[..^1]);
        var pending = new Stack<string>();
        Push(path, target, target, pending);
        for (var hops = 0; pending.TryPop(out var step);)
        {
            switch (step)
            {
                case "" or ".":
                    continue;
                case ".." when resolved.Count == 0:
                    throw Leaves(path, target);
                case "..":
                    resolved.RemoveAt(resolved.Count - 1);
                    continue;
            }

            resolved.Add(step);
            if (linkAt(string.Join('/', resolved)) is { } next)
            {
                if (++hops > MaxHops)
                {
                    return;
                }

                resolved.RemoveAt(resolved.Count - 1);
                Push(path, target, next, pending);
            }
        }
    }

    private static void Push(string path, string target, string next, Stack<string> pending)
    {
        if (next.StartsWith('/'))
        {
            throw Leaves(path, target);
        }

        foreach (var step in next.Split('/').Reverse())
        {
            pending.Push(step);
        }
    }

    private static JobFailureException Leaves(string path, string target) => new(
        FailureCodes.PathRefused,
        $"The link '{path}' -> '{target}' points out of the set. Put what it points to inside the set and link to it "
            + "with a relative path, or remove the link.");
}
