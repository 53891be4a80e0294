using Continuity.Vault.Storage;

namespace Continuity.Vault.Tests.Storage;

public sealed class AlignedMemoryPoolTests
{
    [Theory]
    [InlineData(1, 4096)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 8192)]
    [InlineData(5 << 20, 8 << 20)]
    public void Rent_AnySize_IsAlignedAndLargeEnough(int bytes, int capacity)
    {
        using var buffer = new AlignedMemoryPool(0).Rent(bytes);

        Assert.Equal(capacity, buffer.Memory.Length);
        Assert.True(AlignedMemoryPool.IsAligned(buffer.Memory.Span));
        Assert.False(AlignedMemoryPool.IsAligned(buffer.Memory.Span[1..]));
    }

    [Fact]
    public void Rent_AfterReturn_UsesTheBufferAgainUpToTheLimit()
    {
        var pool = new AlignedMemoryPool(maxRetainedBytes: 8192);
        var first = pool.Rent(8192);
        var second = pool.Rent(8192);

        first.Dispose();
        second.Dispose();

        Assert.Equal(8192, pool.RetainedBytes);
        using var third = pool.Rent(8192);
        Assert.Equal(0, pool.RetainedBytes);
    }

    [Fact]
    public void Dispose_Twice_ReturnsOnce()
    {
        var pool = new AlignedMemoryPool(maxRetainedBytes: 1 << 20);
        var buffer = pool.Rent(4096);

        buffer.Dispose();
        buffer.Dispose();

        Assert.Equal(4096, pool.RetainedBytes);
        Assert.Throws<ObjectDisposedException>(() => buffer.Memory);
    }
}
