using System.Text;
using Continuity.Gateway.Upstream;

namespace Continuity.Gateway.Tests.Upstream;

public sealed class AnswerHeadParserTests
{
    [Fact]
    public void Head_WithLength_TellsItsFraming()
    {
        var framing = Parse("HTTP/1.1 200 OK", "content-TYPE:  application/json ", "Content-Length: 12");

        Assert.Equal(200, framing.Status);
        Assert.Equal("application/json", framing.ContentType);
        Assert.Equal(12, framing.Length);
        Assert.False(framing.IsChunked);
        Assert.False(framing.MustClose);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", true, false)]
    [InlineData("HTTP/1.1 204", "X: y", false, false)]
    [InlineData("HTTP/1.1 200 OK", "Connection: keep-alive, Close", false, true)]
    [InlineData("HTTP/1.0 200 OK", "Content-Length: 1", false, true)]
    public void Head_TellsHowItsConnectionGoesOn(string status, string line, bool isChunked, bool mustClose)
    {
        var framing = Parse(status, line);

        Assert.Equal(isChunked, framing.IsChunked);
        Assert.Equal(mustClose, framing.MustClose);
    }

    [Theory]
    [InlineData("HTTP/2 200 OK", "A: b")]
    [InlineData("HTTP/1.1 20 OK", "A: b")]
    [InlineData("HTTP/1.1 2000", "A: b")]
    [InlineData("HTTP/1.1  200", "A: b")]
    [InlineData("SSH-2.0-OpenSSH_9.2", "A: b")]
    [InlineData("HTTP/1.1 200 OK", "no colon")]
    [InlineData("HTTP/1.1 200 OK", ": no name")]
    [InlineData("HTTP/1.1 200 OK", "Content-Length : 1")]
    [InlineData("HTTP/1.1 200 OK", " folded: line")]
    [InlineData("HTTP/1.1 200 OK", "A: b\nContent-Length: 1")]
    [InlineData("HTTP/1.1 200 OK", "A: b\0c")]
    [InlineData("HTTP/1.1 200 OK", "Content-Length: -1")]
    [InlineData("HTTP/1.1 200 OK", "Content-Length: 1, 1")]
    [InlineData("HTTP/1.1 200 OK", "Content-Length: 99999999999999999999")]
    [InlineData("HTTP/1.1 200 OK", "Content-Length: 1\r\nContent-Length: 2")]
    [InlineData("HTTP/1.1 200 OK", "Content-Length: 1\r\nTransfer-Encoding: chunked")]
    [InlineData("HTTP/1.1 200 OK", "Transfer-Encoding: gzip, chunked")]
    [InlineData("HTTP/1.1 200 OK", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")]
    public void Head_ThatCanBeReadInTwoWays_IsRefused(string status, string line)
    {
        var exception = Assert.Throws<HttpRequestException>(() => Parse(status, line));

        Assert.Equal(HttpRequestError.InvalidResponse, exception.HttpRequestError);
    }

    private static AnswerFraming Parse(params string[] lines)
    {
        var bytes = Encoding.Latin1.GetBytes(string.Join("\r\n", lines) + "\r\n\r\n");
        Assert.Equal(bytes.Length, AnswerHeadParser.FindEnd(bytes));
        return AnswerHeadParser.Parse(bytes);
    }
}
