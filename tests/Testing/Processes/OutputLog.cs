namespace Continuity.Testing.Processes;

/// <summary>The lines a process has written so far, and a way to wait for one.</summary>
internal sealed class OutputLog
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(Func<string, bool> Match, TaskCompletionSource<string> Found)> _waiting = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _openStreams = 2;

    /// <summary>Completes when standard output and standard error are both at their end.</summary>
    public Task Ended => _ended.Task;

    public string Text
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    public void Append(string line)
    {
        lock (_lock)
        {
            _lines.Add(line);
            _waiting.RemoveAll(waiter => waiter.Match(line) && waiter.Found.TrySetResult(line));
        }
    }

    /// <summary>
    /// One of the two streams is at its end; after both, whoever waits for a line is told that none will come.
    /// </summary>
    public void EndOfStream()
    {
        lock (_lock)
        {
            if (--_openStreams > 0)
            {
                return;
            }

            _ended.SetResult();
            _waiting.ForEach(waiter => waiter.Found.TrySetException(new EndOfStreamException()));
            _waiting.Clear();
        }
    }

    /// <summary>The first line, past or future, that matches.</summary>
    public Task<string> WaitAsync(Func<string, bool> match)
    {
        lock (_lock)
        {
            if (_lines.Find(line => match(line)) is { } line)
            {
                return Task.FromResult(line);
            }

            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_openStreams == 0)
            {
                found.SetException(new EndOfStreamException());
            }
            else
            {
                _waiting.Add((match, found));
            }

            return found.Task;
        }
    }
}
