using System.Buffers.Binary;
using System.Text;

namespace Continuity.Vault.Checkpoints;

/// <summary>Reads a pickle's bytes in turn and never behind their end.</summary>
internal struct PickleBytes(byte[] bytes)
{
    private int _position;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public string Text(ulong length) => Encoding.UTF8.GetString(Take(length));

    public void Skip(ulong length) => Take(length);

    public string Line()
    {
        var length = bytes.AsSpan(_position).IndexOf((byte)'\n');
        return length < 0 ? throw CutOff() : Encoding.UTF8.GetString(Take((ulong)length + 1)[..length]).TrimEnd('\r');
    }

    public ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(bytes.Length - _position))
        {
            throw CutOff();
        }

        var taken = bytes.AsSpan(_position, (int)length);
        _position += (int)length;
        return taken;
    }

    private static InvalidDataException CutOff() => new("is a pickle that was cut off");
}
