using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Continuity.Gateway.Upstream;

/// <summary>The kernel's list of sockets that have become ready: Linux's epoll, told of each change once.</summary>
internal sealed partial class ReadyList
{
    private const int Most = 128;
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Interrupted = 4;
    private const uint In = 0x1;
    private const uint Out = 0x4;
    private const uint Error = 0x8;
    private const uint HungUp = 0x10;
    private const uint PeerClosed = 0x2000;
    private const uint EachChange = 1u << 31;

    // The kernel packs an event on x86-64, and aligns it elsewhere.
    private static readonly int KeyAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Size = KeyAt + sizeof(long);
    private readonly byte[] _events = new byte[Most * Size];
    private readonly int _epoll;

    public ReadyList()
    {
        _epoll = Create(CloseOnExec);
        if (_epoll < 0)
        {
            throw new Win32Exception();
        }
    }

    /// <summary>Lists the socket's changes under a key until it is closed; its present state is the first.</summary>
    public void Watch(SafeHandle socket, long key)
    {
        Span<byte> watched = stackalloc byte[Size];
        BitConverter.TryWriteBytes(watched, In | Out | PeerClosed | EachChange);
        BitConverter.TryWriteBytes(watched[KeyAt..], key);
        if (Control(_epoll, Add, socket, ref MemoryMarshal.GetReference(watched)) < 0)
        {
            throw new Win32Exception();
        }
    }

    /// <summary>Waits for changes.</summary>
    /// <param name="forever">Whether to wait until there is one, or to see which there are.</param>
    /// <returns>How many there are to be read.</returns>
    public int Wait(bool forever)
    {
        var count = Wait(_epoll, ref _events[0], Most, forever ? -1 : 0);
        if (count < 0 && Marshal.GetLastPInvokeError() != Interrupted)
        {
            throw new Win32Exception();
        }

        return Math.Max(0, count);
    }

    /// <summary>A change that the latest wait found: whose, and whether the other side sends no more.</summary>
    public (long Key, bool IsEnd) Read(int index)
    {
        var change = _events.AsSpan(index * Size, Size);
        var flags = BitConverter.ToUInt32(change);
        return (BitConverter.ToInt64(change[KeyAt..]), (flags & (PeerClosed | HungUp | Error)) != 0);
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, SafeHandle socket, ref byte watched);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int epoll, ref byte events, int most, int milliseconds);
}
