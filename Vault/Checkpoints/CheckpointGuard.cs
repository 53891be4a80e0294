using Continuity.Vault.Files;

namespace Continuity.Vault.Checkpoints;

/// <summary>Watches the roots of a backup: looks before anything is read and again when all is read, so that a
/// snapshot says `complete` only of what was whole and kept still in between.</summary>
internal sealed class CheckpointGuard
{
    private readonly CheckpointPolicy? _policy;
    private readonly IReadOnlyList<WatchedRoot> _roots;
    private readonly TimeProvider _time;
    private readonly long _started;
    private long _lookedAt;
    private bool _mustSettle;

    public CheckpointGuard(
        CheckpointPolicy? policy, IReadOnlyList<string> roots, IReadOnlyList<string> exclude, TimeProvider time)
    {
        var excluded = new PathPatterns(
            exclude,
            [
                .. roots.Select(root => FilePath.FromText(
                    Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)))),
            ]);
        _policy = policy;
        _time = time;
        _started = time.GetTimestamp();
        _roots =
        [
            .. roots.Where(Directory.Exists).Select(root => new WatchedRoot(
                root,
                // In a snapshot of several roots, each is a folder of its own name.
                roots.Count > 1 ? Path.GetFileName(Path.TrimEndingDirectorySeparator(root)) + "/" : string.Empty,
                excluded)),
        ];
    }

    /// <summary>Gets whether <see cref="BeginAsync"/> may take long, because it waits for the source.</summary>
    public bool MayWait => _policy is { } policy && policy.Wait > TimeSpan.Zero;

    /// <summary>Looks before reading, and waits as long as the policy says.</summary>
    /// <exception cref="IncompleteCheckpointException">A checkpoint isn't whole.</exception>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (_policy is null)
        {
            return;
        }

        TakeLooks(cancellationToken);
        while (Problems(MayWait, cancellationToken) is { Count: > 0 } problems)
        {
            ThrowIfOver(problems);
            await Task.Delay(_policy.Settle, _time, cancellationToken);
            TakeLooks(cancellationToken);
        }

        _lookedAt = _time.GetTimestamp();
        var lately = _time.GetUtcNow() - _policy.Settle;
        _mustSettle = !_policy.AllowChanges && _roots.Any(root => root.ChangedSince(lately));
    }

    /// <summary>Looks again when all is read.</summary>
    /// <returns>What the snapshot says of its source; null if it must be read again.</returns>
    /// <exception cref="IncompleteCheckpointException">Something isn't whole, or didn't keep still.</exception>
    public async Task<string?> ConfirmAsync(CancellationToken cancellationToken)
    {
        if (_policy is null)
        {
            return "unchecked";
        }

        // Two looks at a file that was written just now say something only if they are some time apart.
        var rest = _policy.Settle - _time.GetElapsedTime(_lookedAt);
        if (_mustSettle && rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, _time, cancellationToken);
        }

        var changes = new List<CheckpointProblem>();
        var grave = new List<CheckpointProblem>();
        foreach (var root in _roots)
        {
            root.Confirm(_policy.AllowChanges ? changes : grave, grave, cancellationToken);
        }

        if (grave.Count > 0)
        {
            ThrowIfOver(grave);
            return null;
        }

        return changes.Count == 0
            ? "complete"
            : $"{changes[0]}{(changes.Count > 1 ? $", and {changes.Count - 1} more files" : string.Empty)}";
    }

    private void TakeLooks(CancellationToken cancellationToken)
    {
        foreach (var root in _roots)
        {
            root.Look(cancellationToken);
        }
    }

    private List<CheckpointProblem> Problems(bool mustKeepStill, CancellationToken cancellationToken) =>
        [.. _roots.SelectMany(root => root.Problems(mustKeepStill, cancellationToken))];

    private void ThrowIfOver(IReadOnlyList<CheckpointProblem> problems)
    {
        if (_time.GetElapsedTime(_started) + _policy!.Settle > _policy.Wait)
        {
            throw new IncompleteCheckpointException(problems);
        }
    }

    /// <summary>A root, and how it looked.</summary>
    private sealed class WatchedRoot(string path, string prefix, PathPatterns excluded)
    {
        private FolderLook? _before;
        private FolderLook? _now;

        public void Look(CancellationToken cancellationToken)
        {
            _before = _now;
            _now = FolderLook.Take(path, IsExcluded, cancellationToken);
        }

        public bool ChangedSince(DateTimeOffset moment) => _now!.Newest > moment;

        public IEnumerable<CheckpointProblem> Problems(bool mustKeepStill, CancellationToken cancellationToken)
        {
            if (mustKeepStill && _before is null)
            {
                return [new CheckpointProblem(path, "was looked at once only")];
            }

            var changes = mustKeepStill ? _now!.ChangesSince(_before!) : [];
            return Named(changes.Count > 0 ? changes : Inspect(_now!, cancellationToken));
        }

        /// <summary>Compares with the look before the reading.</summary>
        public void Confirm(
            List<CheckpointProblem> plain, List<CheckpointProblem> grave, CancellationToken cancellationToken)
        {
            var before = _now!;
            var now = FolderLook.Take(path, IsExcluded, cancellationToken);
            var changes = now.ChangesSince(before);
            grave.AddRange(Named(changes.Where(change => IsOfCheckpoint(change, before, now))));
            plain.AddRange(Named(changes.Where(change => !IsOfCheckpoint(change, before, now))));
            if (grave.Count == 0 && changes.Count > 0)
            {
                grave.AddRange(Named(Inspect(now, cancellationToken)));
            }

            _now = now;
        }

        private static bool IsOfCheckpoint(CheckpointProblem change, FolderLook before, FolderLook now) =>
            CheckpointInspector.KindOf(before, change.File) is not null
            || CheckpointInspector.KindOf(now, change.File) is not null
            || change.File.EndsWith(".distcp", StringComparison.Ordinal);

        private bool IsExcluded(string file)
        {
            if (excluded.Count == 0)
            {
                return false;
            }

            var name = FilePath.FromText(prefix + file);
            return excluded.Matches(name);
        }

        private static IReadOnlyList<CheckpointProblem> Inspect(FolderLook look, CancellationToken cancellationToken) =>
            (CheckpointInspector.Inspect(look, cancellationToken) as CheckpointState.Incomplete)?.Problems ?? [];

        private IEnumerable<CheckpointProblem> Named(IEnumerable<CheckpointProblem> problems) =>
            problems.Select(problem => problem with { File = Path.Combine(path, problem.File) });
    }
}
