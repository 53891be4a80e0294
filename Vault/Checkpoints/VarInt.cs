namespace Continuity.Vault.Checkpoints;

/// <summary>Reads the variable-length numbers of protobuf and of sorted tables from the front of bytes.</summary>
internal static class VarInt
{
    private const int MaxBytes = 10;

    public static ulong Read(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var position = 0; position < Math.Min(bytes.Length, MaxBytes); position++)
        {
            value |= (ulong)(bytes[position] & 0x7f) << (7 * position);
            if (bytes[position] < 0x80)
            {
                bytes = bytes[(position + 1)..];
                return value;
            }
        }

        throw new InvalidDataException("is damaged: a number in it does not end");
    }

    public static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, ulong length)
    {
        if (length > (ulong)bytes.Length)
        {
            throw new InvalidDataException("is damaged: an entry reaches behind its end");
        }

        var taken = bytes[..(int)length];
        bytes = bytes[(int)length..];
        return taken;
    }
}
