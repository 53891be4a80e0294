using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Continuity.Reliability.Decisions;

/// <summary>An array outside the managed heap: given back at once, on huge pages where the system has them.</summary>
/// <remarks>
/// Tables of decision diagrams are read at random places, so that on small pages most reads also miss the processor's
/// table of pages, and a diagram that has outgrown its array must not keep the old one until the next collection.
/// Neither zeroed nor checked for bounds; a reference into it ends with <see cref="Dispose"/>.
/// </remarks>
internal sealed unsafe class PageArray<T> : IDisposable
    where T : unmanaged
{
    private const nuint CacheLine = 64;

    private T* _start;

    public PageArray(int length)
    {
        Length = length;
        var bytes = (nuint)length * (nuint)sizeof(T);
        _start = (T*)NativeMemory.AlignedAlloc(bytes, bytes < HugePages.Size ? CacheLine : HugePages.Size);
        HugePages.Prefer(_start, bytes);
    }

    public int Length { get; }

    public Span<T> Span => new(_start, Length);

    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _start[(uint)index];
    }

    public ref T this[uint index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _start[index];
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_start);
        _start = null;
    }
}
