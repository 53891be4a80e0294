using System.Text;
using Continuity.Gateway.Upstream;

namespace Continuity.Gateway.Tests.Upstream;

public sealed class ChunkedDecoderTests
{
    private const string Body = "5\r\nhello\r\nA;name=\"x\"\r\n, chunks.\n\r\n1 \r\n!\r\n0\r\nTrailer: t\r\n\r\n";
    private const string Text = "hello, chunks.\n!";

    [Fact]
    public void Body_CutAnywhereInThree_DecodesToTheSameText()
    {
        var bytes = Encoding.ASCII.GetBytes(Body);
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second++)
            {
                var decoder = default(ChunkedDecoder);
                var text = Decode(ref decoder, bytes[..first]) + Decode(ref decoder, bytes[first..second])
                    + Decode(ref decoder, bytes[second..]);

                Assert.Equal(Text, text);
                Assert.True(decoder.IsComplete);
            }
        }
    }

    [Fact]
    public void Body_WithoutItsLastByte_IsNotComplete()
    {
        var decoder = default(ChunkedDecoder);

        Decode(ref decoder, Encoding.ASCII.GetBytes(Body[..^1]));

        Assert.False(decoder.IsComplete);
    }

    [Fact]
    public void Bytes_BehindTheEnd_AreNotUsed()
    {
        var bytes = Encoding.ASCII.GetBytes(Body + "HTTP/1.1 200 OK");
        var decoder = default(ChunkedDecoder);

        decoder.Decode(bytes, out var used);

        Assert.Equal(Body.Length, used);
        Assert.True(decoder.IsComplete);
    }

    [Theory]
    [InlineData("x\r\n")]
    [InlineData("\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("+1\r\n")]
    [InlineData("5\nhello\r\n")]
    [InlineData("5;x\nhello\r\n")]
    [InlineData("5\r\nhelloX\r\n")]
    [InlineData("5\r\nhello\n")]
    [InlineData("0\r\n\rX")]
    [InlineData("1234567890123\r\n")]
    public void BrokenFraming_IsRefused(string body)
    {
        var bytes = Encoding.ASCII.GetBytes(body);
        var decoder = default(ChunkedDecoder);

        var exception = Assert.Throws<HttpRequestException>(() => decoder.Decode(bytes, out _));

        Assert.Equal(HttpRequestError.InvalidResponse, exception.HttpRequestError);
    }

    [Theory]
    [InlineData("1;")]
    [InlineData("0\r\nA")]
    public void LineWithoutEnd_IsRefused(string start)
    {
        var bytes = Encoding.ASCII.GetBytes(start + new string('a', 5000));
        var decoder = default(ChunkedDecoder);

        Assert.Throws<HttpRequestException>(() => decoder.Decode(bytes, out _));
    }

    private static string Decode(ref ChunkedDecoder decoder, byte[] bytes) =>
        Encoding.ASCII.GetString(bytes, 0, decoder.Decode(bytes, out _));
}
