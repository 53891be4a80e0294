using Continuity.Vault.Codecs;

namespace Continuity.Vault.Tensors;

/// <summary>Finds in PyTorch's pickle which kind of numbers each storage of the archive holds.</summary>
/// <remarks>
/// Nothing is unpickled: opcodes (Python's pickletools, protocol 2 to 4) are walked through for the sequence of a
/// persistent id: the word "storage", the class, the storage's key.
/// </remarks>
internal sealed class PickledStorages
{
    private const int MaximumMemo = 1 << 20;

    private readonly HeaderReader _pickle;
    private readonly Dictionary<uint, string> _memo = [];
    private readonly Dictionary<string, ElementKind> _kinds = [];
    private string _beforeBeforeLast = "";
    private string _beforeLast = "";
    private string _last = "";

    private PickledStorages(HeaderReader pickle) => _pickle = pickle;

    public static Dictionary<string, ElementKind> Read(ReadAt read, ZipMember member)
    {
        var reader = new PickledStorages(new HeaderReader(read, member.Offset + member.Length, member.Offset));
        while (reader.ReadOpcode())
        {
        }

        return reader._kinds;
    }

    private bool ReadOpcode()
    {
        var opcode = _pickle.ReadByte();
        switch (opcode)
        {
            case (byte)'.':
                return false;
            case (byte)'c':
                ReadLine();
                Push(ReadLine());
                break;
            case 0x93:
                // Module and name were two texts: the name stands for both.
                _beforeLast = _beforeBeforeLast;
                break;
            case (byte)'X':
                Push(ReadText(_pickle.ReadUInt32()));
                break;
            case 0x8C:
                Push(ReadText(_pickle.ReadByte()));
                break;
            case (byte)'q':
                Remember(_pickle.ReadByte());
                break;
            case (byte)'r':
                Remember(_pickle.ReadUInt32());
                break;
            case 0x94:
                Remember((uint)_memo.Count);
                break;
            case (byte)'h':
                Recall(_pickle.ReadByte());
                break;
            case (byte)'j':
                Recall(_pickle.ReadUInt32());
                break;
            default:
                _pickle.Skip(ArgumentBytes(opcode));
                break;
        }

        return true;
    }

    private ulong ArgumentBytes(byte opcode) => opcode switch
    {
        0x80 or (byte)'K' => 1,
        (byte)'M' => 2,
        (byte)'J' => 4,
        (byte)'G' or 0x95 => 8,
        0x8A or (byte)'U' or (byte)'C' => _pickle.ReadByte(),
        (byte)'T' or (byte)'B' => _pickle.ReadUInt32(),
        _ => 0,
    };

    // A class follows "storage", a key follows the class; memoised objects other than texts are of no interest.
    private void Push(string text)
    {
        if (_beforeLast == "storage" && _last.EndsWith("Storage", StringComparison.Ordinal))
        {
            _kinds[text] = KindOf(_last);
        }

        (_beforeBeforeLast, _beforeLast, _last) = (_beforeLast, _last, text);
    }

    private void Remember(uint index)
    {
        if (_memo.Count >= MaximumMemo)
        {
            throw new InvalidDataException("The pickle remembers too much.");
        }

        _memo[index] = _last;
    }

    private void Recall(uint index)
    {
        if (_memo.TryGetValue(index, out var text))
        {
            Push(text);
        }
    }

    private string ReadText(uint length) => _pickle.ReadAscii((int)Math.Min(length, int.MaxValue));

    private string ReadLine()
    {
        var line = new System.Text.StringBuilder();
        for (var next = (char)_pickle.ReadByte(); next != '\n'; next = (char)_pickle.ReadByte())
        {
            line.Append(next);
        }

        return line.ToString();
    }

    private static ElementKind KindOf(string storage) => storage switch
    {
        "FloatStorage" => ElementKind.Float32,
        "HalfStorage" => ElementKind.Float16,
        "BFloat16Storage" => ElementKind.BFloat16,
        "CharStorage" or "ByteStorage" => ElementKind.Bytes,
        _ => ElementKind.Unknown,
    };
}
