using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using static Continuity.Vault.Files.NativeMethods;

namespace Continuity.Vault.Files;

/// <summary>An open folder. All calls take the name of one of its entries, as bytes, and never follow a symbolic
/// link.</summary>
/// <remarks>Working below handles, and not with whole paths, is what keeps a restore inside its target: nobody can put
/// a link in its way between a check and a use.</remarks>
internal sealed unsafe partial class FolderHandle : IDisposable
{
    private const int NameStart = 19;
    private const int ReadBytes = 64 << 10;
    private const uint AllStat = 0x7ff;
    private const uint DefaultFolderMode = 0x1C0;

    private static volatile bool _isListingRefused;

    private readonly SafeFileHandle _handle;

    private FolderHandle(SafeFileHandle handle) => _handle = handle;

    private int Descriptor => (int)_handle.DangerousGetHandle();

    /// <summary>Opens a folder by its path, following links: it is the caller's own choice.</summary>
    public static FolderHandle Open(string path)
    {
        var bytes = FilePath.FromText(path);
        return new FolderHandle(OpenAt(CurrentFolder, bytes, ReadOnly | FolderOnly, 0));
    }

    public FolderHandle OpenFolder(ReadOnlySpan<byte> name) =>
        new(OpenAt(Descriptor, name, ReadOnly | FolderOnly | OpenNoFollow, 0));

    /// <summary>Opens a file; a fifo that took its place doesn't block.</summary>
    public SafeFileHandle OpenFile(ReadOnlySpan<byte> name, int flags, uint mode = 0) =>
        OpenAt(Descriptor, name, flags | OpenNoFollow | NonBlocking, mode);

    /// <summary>Makes a file, or returns null if there is something of that name already.</summary>
    public SafeFileHandle? TryCreateFile(ReadOnlySpan<byte> name, int flags, uint mode)
    {
        using var text = new ZeroEnded(name);
        var descriptor = NativeMethods.OpenAt(Descriptor, text.Pointer, flags | OpenNoFollow | CloseOnExec, mode);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : Marshal.GetLastPInvokeError() == Exists ? null : throw FileSystemException.Last("make the file", name);
    }

    public FileStat Stat(ReadOnlySpan<byte> name) =>
        TryStat(name, out var stat) ? stat : throw FileSystemException.Last("look at", name);

    public bool TryStat(ReadOnlySpan<byte> name, out FileStat stat)
    {
        StatXBuffer buffer;
        using var text = new ZeroEnded(name);
        var result = StatX(Descriptor, text.Pointer, NoFollow | (name.IsEmpty ? EmptyPath : 0), AllStat, &buffer);
        stat = result == 0 ? ToStat(buffer) : default;
        return result == 0;
    }

    public static FileStat Stat(SafeFileHandle file, ReadOnlySpan<byte> path)
    {
        StatXBuffer buffer;
        byte empty = 0;
        return StatX((int)file.DangerousGetHandle(), &empty, EmptyPath, AllStat, &buffer) == 0
            ? ToStat(buffer)
            : throw FileSystemException.Last("look at", path);
    }

    /// <summary>Lists the names in byte order.</summary>
    public List<byte[]> List()
    {
        var names = new List<byte[]>();
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            fixed (byte* start = buffer)
            {
                for (int length; (length = Read(start)) > 0;)
                {
                    AddNames(buffer.AsSpan(0, length), names);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        names.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        return names;
    }

    public byte[] ReadLink(ReadOnlySpan<byte> name)
    {
        var buffer = stackalloc byte[4096];
        using var text = new ZeroEnded(name);
        var length = ReadLinkAt(Descriptor, text.Pointer, buffer, 4096);
        return length >= 0
            ? new ReadOnlySpan<byte>(buffer, (int)length).ToArray()
            : throw FileSystemException.Last("read the link", name);
    }

    /// <summary>Tells whether an entry surely has no extended attributes.</summary>
    /// <returns>False if it has some, or if the system can't tell: it is older than the call, or a sandbox refuses
    /// what it doesn't know.</returns>
    public bool HasNoAttributes(ReadOnlySpan<byte> name)
    {
        if (_isListingRefused)
        {
            return false;
        }

        using var text = new ZeroEnded(name);
        var flags = NoFollow | (name.IsEmpty ? EmptyPath : 0);
        var length = ListAttributesAt(ListAttributesAtCall, Descriptor, text.Pointer, flags, null, 0);
        _isListingRefused = length < 0 && Marshal.GetLastPInvokeError() is NotImplemented or NotPermitted;
        return length == 0;
    }

    /// <summary>Gets a path for the few calls that take no folder handle; it names the entry, not what a link points
    /// at.</summary>
    public byte[] ProcessPath(ReadOnlySpan<byte> name) =>
        [.. Encoding.ASCII.GetBytes($"/proc/self/fd/{Descriptor}/"), .. name];

    public bool TryMakeFolder(ReadOnlySpan<byte> name)
    {
        using var text = new ZeroEnded(name);
        return Try(MakeFolderAt(Descriptor, text.Pointer, DefaultFolderMode), Exists, "make the folder", name);
    }

    public void MakeSymbolicLink(ReadOnlySpan<byte> target, ReadOnlySpan<byte> name)
    {
        using var targetText = new ZeroEnded(target);
        using var text = new ZeroEnded(name);
        Check(SymbolicLinkAt(targetText.Pointer, Descriptor, text.Pointer), "make the link", name);
    }

    public void MakeHardLink(FolderHandle targetFolder, ReadOnlySpan<byte> target, ReadOnlySpan<byte> name)
    {
        using var targetText = new ZeroEnded(target);
        using var text = new ZeroEnded(name);
        Check(LinkAt(targetFolder.Descriptor, targetText.Pointer, Descriptor, text.Pointer, 0), "make the hard link",
            name);
    }

    public void MakeNode(ReadOnlySpan<byte> name, FileStat stat)
    {
        using var text = new ZeroEnded(name);
        Check(MakeNodeAt(Descriptor, text.Pointer, (uint)stat.RawMode, ToDevice(stat.NodeDevice)), "make the node",
            name);
    }

    /// <summary>Removes an entry, which as a folder must be empty.</summary>
    public void Remove(ReadOnlySpan<byte> name, bool isFolder)
    {
        using var text = new ZeroEnded(name);
        Try(UnlinkAt(Descriptor, text.Pointer, isFolder ? RemoveFolder : 0), NotFound, "remove", name);
    }

    public void SetOwner(ReadOnlySpan<byte> name, FileStat stat)
    {
        using var text = new ZeroEnded(name);
        var flags = NoFollow | (name.IsEmpty ? EmptyPath : 0);
        Check(ChangeOwnerAt(Descriptor, text.Pointer, stat.User, stat.Group, flags), "set the owner of", name);
    }

    /// <summary>Sets permissions. Not for symbolic links: they have none, and the system would follow them.</summary>
    public void SetMode(ReadOnlySpan<byte> name, int mode)
    {
        using var text = new ZeroEnded(name.IsEmpty ? "."u8 : name);
        Check(ChangeModeAt(Descriptor, text.Pointer, (uint)mode, 0), "set the permissions of", name);
    }

    public void SetModified(ReadOnlySpan<byte> name, long modified)
    {
        const long Billion = 1_000_000_000;
        var seconds = Math.DivRem(modified, Billion, out var nanoseconds);
        if (nanoseconds < 0)
        {
            seconds--;
            nanoseconds += Billion;
        }

        var times = stackalloc TimeSpec[2];
        times[0] = times[1] = new TimeSpec { Seconds = seconds, Nanoseconds = nanoseconds };
        using var text = new ZeroEnded(name.IsEmpty ? "."u8 : name);
        Check(SetTimesAt(Descriptor, text.Pointer, times, NoFollow), "set the time of", name);
    }

    /// <summary>Swaps two entries in one step, so that each name always holds one of them whole.</summary>
    public void Exchange(ReadOnlySpan<byte> name, ReadOnlySpan<byte> other) => Rename(name, other, RenameExchange);

    public void Rename(ReadOnlySpan<byte> name, ReadOnlySpan<byte> newName, uint flags = 0)
    {
        using var text = new ZeroEnded(name);
        using var newText = new ZeroEnded(newName);
        Check(RenameAt(Descriptor, text.Pointer, Descriptor, newText.Pointer, flags), "rename", name);
    }

    public void Flush()
    {
        if (NativeMethods.Flush(Descriptor) != 0)
        {
            throw FileSystemException.Last("flush", "a folder"u8);
        }
    }

    public void Dispose() => _handle.Dispose();

    private static void Check(int result, string action, ReadOnlySpan<byte> name)
    {
        if (result != 0)
        {
            throw FileSystemException.Last(action, name);
        }
    }

    private static bool Try(int result, int expected, string action, ReadOnlySpan<byte> name)
    {
        if (result == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == expected ? false : throw FileSystemException.Last(action, name);
    }

    // The layout of dev_t in the GNU library and musl.
    private static ulong ToDevice(ulong device)
    {
        var (major, minor) = (device >> 32, device & 0xffff_ffff);
        return ((major & 0xffff_f000) << 32) | ((major & 0xfff) << 8) | ((minor & 0xffff_ff00) << 12) | (minor & 0xff);
    }

    private static SafeFileHandle OpenAt(int folder, ReadOnlySpan<byte> name, int flags, uint mode)
    {
        using var text = new ZeroEnded(name);
        var descriptor = NativeMethods.OpenAt(folder, text.Pointer, flags | CloseOnExec, mode);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw FileSystemException.Last("open", name);
    }

    private int Read(byte* buffer)
    {
        var length = ReadFolder(Descriptor, buffer, ReadBytes);
        return length >= 0 ? (int)length : throw FileSystemException.Last("list", "a folder"u8);
    }

    // struct linux_dirent64: inode (8), offset (8), record length (2), type (1), name, zero.
    private static void AddNames(ReadOnlySpan<byte> records, List<byte[]> names)
    {
        while (!records.IsEmpty)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(records[16..]);
            var name = records[NameStart..length];
            name = name[..name.IndexOf((byte)0)];
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                names.Add(name.ToArray());
            }

            records = records[length..];
        }
    }

    private static FileStat ToStat(in StatXBuffer buffer) => new()
    {
        RawMode = buffer.Mode,
        User = buffer.User,
        Group = buffer.Group,
        Size = (long)buffer.Size,
        AllocatedBytes = (long)buffer.Blocks * 512,
        Modified = ToNanoseconds(buffer.Modified),
        Changed = ToNanoseconds(buffer.Changed),
        Inode = buffer.Inode,
        Device = ((ulong)buffer.DeviceMajor << 32) | buffer.DeviceMinor,
        NodeDevice = ((ulong)buffer.DeviceMajorOfNode << 32) | buffer.DeviceMinorOfNode,
        Links = (int)buffer.Links,
    };

    private static long ToNanoseconds(StatXTime time) => (time.Seconds * 1_000_000_000) + time.Nanoseconds;

    /// <summary>A name with a zero behind it, for the system's calls.</summary>
    private readonly ref struct ZeroEnded
    {
        private readonly byte* _pointer;

        public ZeroEnded(ReadOnlySpan<byte> name)
        {
            _pointer = (byte*)NativeMemory.Alloc((nuint)name.Length + 1);
            name.CopyTo(new Span<byte>(_pointer, name.Length));
            _pointer[name.Length] = 0;
        }

        public byte* Pointer => _pointer;

        public void Dispose() => NativeMemory.Free(_pointer);
    }
}
