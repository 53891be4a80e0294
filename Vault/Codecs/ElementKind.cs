using System.Diagnostics.CodeAnalysis;

namespace Continuity.Vault.Codecs;

/// <summary>What the numbers in a stretch of bytes are.</summary>
public enum ElementKind : byte
{
    /// <summary>Not known: the data itself is looked at.</summary>
    Unknown = 0,

    /// <summary>Single bytes: 8-bit floats and integers, quantised weights.</summary>
    Bytes = 1,

    /// <summary>16-bit brain floats.</summary>
    BFloat16 = 2,

    /// <summary>IEEE 754 half-precision floats.</summary>
    Float16 = 3,

    /// <summary>IEEE 754 single-precision floats.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "The name of the format.")]
    Float32 = 4,

    /// <summary>Blocks of 18 bytes, a 16-bit scale and 32 numbers of four bits, as GGUF's Q4_0.</summary>
    Q4Blocks = 5,
}
