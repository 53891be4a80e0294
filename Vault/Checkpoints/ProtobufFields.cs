namespace Continuity.Vault.Checkpoints;

/// <summary>The whole-number fields of a protobuf message; others are passed over.</summary>
internal static class ProtobufFields
{
    /// <exception cref="InvalidDataException">The bytes are not a message.</exception>
    public static IReadOnlyDictionary<int, long> Read(ReadOnlySpan<byte> message)
    {
        var fields = new Dictionary<int, long>();
        while (message.Length > 0)
        {
            var tag = VarInt.Read(ref message);
            switch (tag & 7)
            {
                case 0:
                    fields[(int)(tag >> 3)] = (long)VarInt.Read(ref message);
                    break;
                case 1:
                    VarInt.Take(ref message, 8);
                    break;
                case 2:
                    VarInt.Take(ref message, VarInt.Read(ref message));
                    break;
                case 5:
                    VarInt.Take(ref message, 4);
                    break;
                default:
                    throw new InvalidDataException("holds an entry that is not a protobuf message");
            }
        }

        return fields;
    }
}
