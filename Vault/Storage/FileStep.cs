namespace Continuity.Vault.Storage;

/// <summary>A step of a put or delete on the local disk; each can fail, or be the last of a dying process.</summary>
internal enum FileStep
{
    /// <summary>Make a folder.</summary>
    MakeFolder,

    /// <summary>Create the temporary file.</summary>
    Create,

    /// <summary>Write to it, once or in several parts.</summary>
    Write,

    /// <summary>Flush it.</summary>
    FlushFile,

    /// <summary>Give it its name.</summary>
    Rename,

    /// <summary>Flush the folder whose entries changed.</summary>
    FlushFolder,

    /// <summary>Delete a file.</summary>
    Delete,
}
