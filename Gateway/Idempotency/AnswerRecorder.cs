using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Continuity.Gateway.Idempotency;

/// <summary>Stands in for the response's body and keeps a copy of what goes out.</summary>
internal sealed class AnswerRecorder(IHttpResponseBodyFeature inner, int maxBytes) : IHttpResponseBodyFeature
{
    private readonly RecordingWriter _writer = new(inner.Writer, maxBytes);

    public Stream Stream => _writer.AsStream(leaveOpen: true);

    public PipeWriter Writer => _writer;

    /// <summary>The whole body; nothing when it was larger than the bound.</summary>
    public byte[]? Body => _writer.Copy?.WrittenSpan.ToArray();

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    public Task CompleteAsync() => inner.CompleteAsync();

    private sealed class RecordingWriter(PipeWriter inner, int maxBytes) : PipeWriter
    {
        private Memory<byte> _lent;

        public ArrayBufferWriter<byte>? Copy { get; private set; } = new();

        public override void Advance(int bytes)
        {
            if (Copy is not null)
            {
                if (Copy.WrittenCount + bytes > maxBytes)
                {
                    Copy = null;
                }
                else
                {
                    Copy.Write(_lent.Span[..bytes]);
                }
            }

            _lent = _lent[bytes..];
            inner.Advance(bytes);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => _lent = inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            inner.FlushAsync(cancellationToken);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}
