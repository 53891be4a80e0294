using Continuity.Vault.Formats;
using Continuity.Vault.Snapshots;
using Continuity.Vault.Workers;

namespace Continuity.Vault.Backup;

/// <summary>Writes the manifest in order, as the content of its entries becomes known.</summary>
internal sealed class ManifestAssembler(WorkerGroup<ChunkJob> workers) : IWorker<PlannedEntry>
{
    private readonly ManifestChunkBuilder _builder = new();
    private readonly List<Task<ManifestChunk>> _chunks = [];
    private readonly List<byte[]> _unreadable = [];
    private readonly List<string> _problems = [];

    /// <summary>Paths with problems, at most as many as a snapshot may list.</summary>
    public IReadOnlyList<byte[]> Unreadable => _unreadable;

    /// <summary>The problems in words, one for each path.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public long ProblemCount { get; private set; }

    public void Process(PlannedEntry item)
    {
        switch (item)
        {
            case PlannedEntry.Ready ready:
                Add(ready.Entry);
                break;
            case PlannedEntry.Bundled bundled:
                bundled.Bundle.Completion.Wait(workers.Stopped);
                Add(bundled.File);
                break;
            case PlannedEntry.Part part:
                part.Content.Completion.Wait(workers.Stopped);
                Add(part.Entry with { Extents = part.Content.Extents });
                break;
            case PlannedEntry.Problem problem:
                Add(problem);
                break;
        }
    }

    /// <summary>Stores the last chunk and waits for all of them.</summary>
    public IReadOnlyList<ManifestChunk> Complete()
    {
        if (!_builder.IsEmpty)
        {
            StoreChunk();
        }

        foreach (var chunk in _chunks)
        {
            chunk.Wait(workers.Stopped);
        }

        return [.. _chunks.Select(chunk => chunk.Result)];
    }

    public void Dispose()
    {
        // Nothing of its own: the chunks are in the workers' hands.
    }

    private void Add(BundledFile file)
    {
        var entry = file.Item.Entry!;
        if (file.Problem is { } problem)
        {
            Add(new PlannedEntry.Problem(entry.Path, problem));
        }

        if (!file.IsUnreadable)
        {
            Add(entry with
            {
                Extents = file.Extents,
                Stat = entry.Stat with { Size = file.Extents.Sum(extent => extent.Length) },
            });
        }
    }

    private void Add(PlannedEntry.Problem problem)
    {
        ProblemCount++;
        if (_unreadable.Count < FormatLimits.UnreadablePaths)
        {
            _unreadable.Add(problem.Path);
            _problems.Add(problem.Sentence);
        }
    }

    private void Add(ManifestEntry entry)
    {
        if (_builder.Add(entry))
        {
            StoreChunk();
        }
    }

    private void StoreChunk()
    {
        var job = new ManifestJob(_builder.Content.ToArray());
        _builder.Clear();
        _chunks.Add(job.Completion);
        workers.Post(job);
    }
}
