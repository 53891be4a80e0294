using System.Numerics;

namespace Continuity.Vault.Checkpoints;

/// <summary>Reads which objects a Python pickle describes, without building or calling anything that it
/// names.</summary>
/// <remarks>The opcodes are those of Python's <c>pickletools</c>, protocols 0 to 5. Lists, tuples and sets are passed
/// over: only objects and their attributes are of interest. Memory is bounded whatever the bytes say.</remarks>
internal sealed class PickleReader
{
    private const int MaxStack = 1 << 20;
    private const int MaxObjects = 8 << 20;
    private const int MaxNameLength = 1000;

    private static readonly object Mark = new();
    private static readonly object Opaque = new();

    private readonly List<object?> _stack = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private readonly List<PickleObject> _objects = [];
    private PickleBytes _bytes;
    private int _created;

    private PickleReader(byte[] pickle) => _bytes = new PickleBytes(pickle);

    /// <summary>Returns all objects, in the order in which they are described.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a pickle, or an unreasonable one.</exception>
    public static IReadOnlyList<PickleObject> Read(byte[] pickle)
    {
        var reader = new PickleReader(pickle);
        while (reader.Step(reader._bytes.Byte()))
        {
        }

        return reader._objects;
    }

    private bool Step(byte opcode)
    {
        switch ((char)opcode)
        {
            case '.':
                return false;
            case '(':
                Push(Mark);
                break;
            case '0':
                Pop();
                break;
            case '1':
                PopToMark();
                break;
            case '2':
                Push(Peek());
                break;
            default:
                if (!StepValue(opcode) && !StepContainer(opcode) && !StepObject(opcode) && !StepMemo(opcode))
                {
                    throw new InvalidDataException($"is not a pickle: 0x{opcode:x2} is not one of its opcodes");
                }

                break;
        }

        return true;
    }

    private bool StepValue(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: // PROTO
                _bytes.Byte();
                return true;
            case 0x95: // FRAME
                _bytes.Skip(8);
                return true;
            case (byte)'N' or 0x88 or 0x89 or 0x97: // NONE, NEWTRUE, NEWFALSE, NEXT_BUFFER
                Push(Opaque);
                return true;
            case (byte)'K' or (byte)'M' or (byte)'J':
                Push(opcode == 'K' ? _bytes.Byte() : opcode == 'M' ? _bytes.UInt16() : (long)_bytes.Int32());
                return true;
            case 0x8a or 0x8b: // LONG1, LONG4
                Push(Whole(_bytes.Take(opcode == 0x8a ? _bytes.Byte() : _bytes.UInt32())));
                return true;
            case (byte)'I' or (byte)'L':
                Push(long.TryParse(_bytes.Line().TrimEnd('L'), provider: null, out var number) ? number : Opaque);
                return true;
            case (byte)'G':
                _bytes.Skip(8);
                Push(Opaque);
                return true;
            case (byte)'F' or (byte)'P':
                _bytes.Line();
                Push(Opaque);
                return true;
            default:
                return StepText(opcode);
        }
    }

    private bool StepText(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'X' or 0x8c or 0x8d: // BINUNICODE and its short and long form
                Push(_bytes.Text(Length(opcode, wide: 'X', shortForm: 0x8c)));
                return true;
            case (byte)'T' or (byte)'U': // What Python 2 wrote as text
                Push(_bytes.Text(Length(opcode, wide: 'T', shortForm: (byte)'U')));
                return true;
            case (byte)'V' or (byte)'S':
                Push(_bytes.Line().Trim('\''));
                return true;
            case (byte)'B' or (byte)'C' or 0x8e or 0x96: // bytes, bytearray
                _bytes.Skip(Length(opcode, wide: 'B', shortForm: (byte)'C'));
                Push(Opaque);
                return true;
            default:
                return false;
        }
    }

    private ulong Length(byte opcode, char wide, byte shortForm) =>
        opcode == wide ? _bytes.UInt32() : opcode == shortForm ? _bytes.Byte() : _bytes.UInt64();

    private bool StepContainer(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'}':
                Push(Create(new Dictionary<string, object?>(StringComparer.Ordinal)));
                return true;
            case (byte)'d':
                Push(Fill(Create(new Dictionary<string, object?>(StringComparer.Ordinal)), PopToMark()));
                return true;
            case (byte)'s':
                var value = Pop();
                var key = Pop();
                Fill(Peek(), [key, value]);
                return true;
            case (byte)'u':
                var items = PopToMark();
                Fill(Peek(), items);
                return true;
            case (byte)']' or (byte)')' or 0x8f: // EMPTY_LIST, EMPTY_TUPLE, EMPTY_SET
                Push(Opaque);
                return true;
            case (byte)'l' or (byte)'t' or 0x91: // LIST, TUPLE, FROZENSET
                PopToMark();
                Push(Opaque);
                return true;
            case (byte)'a':
                Pop();
                return true;
            case (byte)'e' or 0x90: // APPENDS, ADDITEMS
                PopToMark();
                return true;
            case 0x85 or 0x86 or 0x87: // TUPLE1 to TUPLE3
                Pop(opcode - 0x84);
                Push(Opaque);
                return true;
            default:
                return opcode is 0x98; // READONLY_BUFFER
        }
    }

    private bool StepObject(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'c':
                Push(ClassOf(_bytes.Line(), _bytes.Line()));
                return true;
            case 0x93: // STACK_GLOBAL
                var name = Pop();
                Push(ClassOf(Pop(), name));
                return true;
            case 0x81 or (byte)'R': // NEWOBJ, REDUCE
                Pop();
                PushObject(Pop());
                return true;
            case 0x92: // NEWOBJ_EX
                Pop(2);
                PushObject(Pop());
                return true;
            case (byte)'i':
                PopToMark();
                PushObject(ClassOf(_bytes.Line(), _bytes.Line()));
                return true;
            case (byte)'o':
                PushObject(PopToMark().FirstOrDefault());
                return true;
            case (byte)'b':
                if (Pop() is Dictionary<string, object?> state && Peek() is PickleObject target)
                {
                    target.State = state;
                }

                return true;
            default:
                return false;
        }
    }

    private bool StepMemo(byte opcode)
    {
        switch (opcode)
        {
            case 0x94: // MEMOIZE
                Remember((uint)_memo.Count);
                return true;
            case (byte)'q':
                Remember(_bytes.Byte());
                return true;
            case (byte)'r':
                Remember(_bytes.UInt32());
                return true;
            case (byte)'p':
                Remember(Number(_bytes.Line()));
                return true;
            case (byte)'h':
                Recall(_bytes.Byte());
                return true;
            case (byte)'j':
                Recall(_bytes.UInt32());
                return true;
            case (byte)'g':
                Recall(Number(_bytes.Line()));
                return true;
            case (byte)'Q': // BINPERSID
                Pop();
                Push(Opaque);
                return true;
            default:
                return false;
        }
    }

    private static PickleClass ClassOf(object? module, object? name) =>
        module is string { Length: <= MaxNameLength } within && name is string { Length: <= MaxNameLength } own
            ? new PickleClass($"{within}.{own}")
            : throw new InvalidDataException("is a damaged pickle: it names a class by what is not a name");

    private void PushObject(object? of)
    {
        var created = Create(new PickleObject((of as PickleClass)?.Name ?? string.Empty));
        _objects.Add(created);
        Push(created);
    }

    private static object? Fill(object? container, List<object?> items)
    {
        if (container is Dictionary<string, object?> dictionary)
        {
            for (var item = 0; item + 1 < items.Count; item += 2)
            {
                if (items[item] is string key)
                {
                    dictionary[key] = items[item + 1];
                }
            }
        }

        return container;
    }

    private void Remember(uint index)
    {
        Count();
        _memo[index] = Peek();
    }

    private void Recall(uint index) =>
        Push(_memo.TryGetValue(index, out var value)
            ? value
            : throw new InvalidDataException($"is a damaged pickle: it recalls {index}, which it never stored"));

    private T Create<T>(T created)
    {
        Count();
        return created;
    }

    private void Count()
    {
        if (++_created > MaxObjects)
        {
            throw new InvalidDataException($"is a pickle of more than {MaxObjects} objects, too many for an index");
        }
    }

    private void Push(object? value)
    {
        if (_stack.Count == MaxStack)
        {
            throw new InvalidDataException("is a pickle that nests or lists without end");
        }

        _stack.Add(value);
    }

    private object? Peek() => _stack.Count > 0 ? _stack[^1] : throw Underflow();

    private object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private void Pop(int count)
    {
        for (; count > 0; count--)
        {
            Pop();
        }
    }

    private List<object?> PopToMark()
    {
        var mark = _stack.LastIndexOf(Mark);
        if (mark < 0)
        {
            throw Underflow();
        }

        var items = _stack.GetRange(mark + 1, _stack.Count - mark - 1);
        _stack.RemoveRange(mark, _stack.Count - mark);
        return items;
    }

    private static InvalidDataException Underflow() => new("is a damaged pickle: it takes more than it put");

    private static uint Number(string text) =>
        uint.TryParse(text, provider: null, out var number)
            ? number
            : throw new InvalidDataException("is a damaged pickle: it recalls by what is not a number");

    private static object Whole(ReadOnlySpan<byte> littleEndian) =>
        littleEndian.Length <= sizeof(long) ? (long)new BigInteger(littleEndian) : Opaque;

    private sealed record PickleClass(string Name);
}
