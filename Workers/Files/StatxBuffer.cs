using System.Runtime.InteropServices;

namespace Continuity.Workers.Files;

/// <summary>The kernel's <c>struct statx</c>: the same layout on every processor, 256 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct StatxBuffer
{
    private const int KindMask = 0xf000;
    private const int KindFolder = 0x4000;
    private const int KindFile = 0x8000;
    private const int KindLink = 0xa000;

    [FieldOffset(28)]
    private readonly ushort _mode;

    [FieldOffset(32)]
    private readonly ulong _inode;

    [FieldOffset(40)]
    private readonly ulong _size;

    [FieldOffset(96)]
    private readonly long _changedSeconds;

    [FieldOffset(104)]
    private readonly uint _changedNanoseconds;

    [FieldOffset(112)]
    private readonly long _modifiedSeconds;

    [FieldOffset(120)]
    private readonly uint _modifiedNanoseconds;

    public readonly FileFacts ToFacts() => new(
        (_mode & KindMask) switch
        {
            KindFolder => FileKind.Folder,
            KindFile => FileKind.File,
            KindLink => FileKind.Link,
            _ => FileKind.Other,
        },
        (long)_size,
        (_modifiedSeconds * 1_000_000_000) + _modifiedNanoseconds,
        (_changedSeconds * 1_000_000_000) + _changedNanoseconds,
        (UnixFileMode)(_mode & 0xfff),
        _inode);
}
