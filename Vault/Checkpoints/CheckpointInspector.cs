namespace Continuity.Vault.Checkpoints;

/// <summary>Reads the indexes of all checkpoints in a folder and compares them with its files.</summary>
internal static class CheckpointInspector
{
    // More would not be read; the first ones say enough.
    private const int MaxProblems = 1000;

    public static CheckpointState Inspect(FolderLook look, CancellationToken cancellationToken)
    {
        var problems = new List<CheckpointProblem>();
        var kinds = new SortedSet<CheckpointKind>();
        foreach (var file in look.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (KindOf(look, file) is not { } kind)
            {
                continue;
            }

            kinds.Add(kind);
            problems.AddRange(Check(look, file, kind));
            if (problems.Count >= MaxProblems)
            {
                break;
            }
        }

        return problems.Count == 0
            ? new CheckpointState.Complete([.. kinds])
            : new CheckpointState.Incomplete([.. problems.Distinct()]);
    }

    /// <summary>Tells which kind of checkpoint a file belongs to, if to any.</summary>
    public static CheckpointKind? KindOf(FolderLook look, string file)
    {
        if (file.EndsWith(SafetensorsIndex.Ending, StringComparison.Ordinal)
            || file.EndsWith(SafetensorsFile.Ending, StringComparison.Ordinal))
        {
            return CheckpointKind.Safetensors;
        }

        if (Path.GetFileName(file) == ".metadata")
        {
            return CheckpointKind.PyTorchDistributed;
        }

        // Files of PyTorch without the index: the writer puts it last.
        if (file.EndsWith(".distcp", StringComparison.Ordinal)
            && !look.Contains(ShardNames.Beside(file, ".metadata")))
        {
            return CheckpointKind.PyTorchDistributed;
        }

        return TensorFlowCheckpoint.IsPart(look, file) ? CheckpointKind.TensorFlow : null;
    }

    private static List<CheckpointProblem> Check(FolderLook look, string file, CheckpointKind kind)
    {
        try
        {
            var problems = kind switch
            {
                CheckpointKind.Safetensors => file.EndsWith(SafetensorsIndex.Ending, StringComparison.Ordinal)
                    ? SafetensorsIndex.Check(look, file)
                    : SafetensorsFile.Check(look, file),
                CheckpointKind.PyTorchDistributed => PyTorchDistributedCheckpoint.Check(look, file),
                _ => TensorFlowCheckpoint.Check(look, file),
            };
            return [.. problems.Take(MaxProblems)];
        }
        catch (InvalidDataException exception)
        {
            return [new(file, exception.Message)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [new(file, $"could not be read: {exception.Message}")];
        }
    }
}
