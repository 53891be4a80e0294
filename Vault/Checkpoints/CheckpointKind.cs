namespace Continuity.Vault.Checkpoints;

/// <summary>The kinds of checkpoint whose completeness can be told from their own indexes.</summary>
public enum CheckpointKind
{
    /// <summary>safetensors files, with or without a <c>*.safetensors.index.json</c>.</summary>
    Safetensors,

    /// <summary>A PyTorch distributed checkpoint: <c>.metadata</c> and the files it names.</summary>
    PyTorchDistributed,

    /// <summary>A TensorFlow checkpoint: <c>*.index</c> and <c>*.data-N-of-M</c>.</summary>
    TensorFlow,
}
