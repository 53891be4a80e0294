using Continuity.Vault.Files;

namespace Continuity.Vault.Tests.Fixtures;

/// <summary>Makes entries whose names aren't UTF-8, which .NET's own calls can't name.</summary>
internal static class RawNames
{
    private const uint OwnerOnly = 0x180;

    public static void MakeFolderWithFile(string parent, byte last = (byte)'d')
    {
        using var handle = FolderHandle.Open(parent);
        byte[] name = [0xc3, 0x28, last];
        handle.TryMakeFolder(name);
        using var folder = handle.OpenFolder(name);
        MakeFile(folder, [0xff, 0xfe], "hidden in a name"u8);
    }

    public static void MakeFile(FolderHandle folder, byte[] name, ReadOnlySpan<byte> content)
    {
        using var file = folder.OpenFile(name, NativeMethods.WriteOnly | NativeMethods.Create, OwnerOnly);
        RandomAccess.Write(file, content, 0);
    }
}
