using System.Security.Cryptography;
using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using CsCheck;

namespace Continuity.Vault.Tests.Crypto;

public class ChunkHasherTests
{
    // Round the block's length, where padding takes one block or two, and far beyond it.
    private static readonly Gen<int> Length = Gen.OneOf(Gen.Int[0, 200], Gen.Int[0, 20_000]);

    [Fact]
    public void Hash_ManyAtOnce_IsWhatThePlatformComputes()
    {
        var messages = 0;

        Gen.Select(Gen.Byte.Array[32], Length.Array[1, 60], Gen.Byte.Array[20_000]).Sample((key, lengths, bytes) =>
        {
            var chunks = lengths
                .Select((length, i) => bytes.AsMemory(Math.Min(i, bytes.Length - length), length))
                .Select(chunk => (ReadOnlyMemory<byte>)chunk)
                .ToArray();
            var ids = new ChunkId[chunks.Length];

            new ChunkHasher(key).Hash(chunks, ids);

            Assert.Equal(chunks.Select(chunk => ChunkId.Read(HMACSHA256.HashData(key, chunk.Span))), ids);
            Interlocked.Add(ref messages, chunks.Length);
        });

        Assert.True(messages > 1000, $"Only {messages} messages were tried.");
    }
}
