using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using Continuity.Gateway.Forwarding;
using Microsoft.Extensions.Options;

namespace Continuity.Gateway.AccessLogs;

/// <summary>A line of JSON per request: who, what, where, how long; never a word of a prompt or an answer.</summary>
/// <remarks>
/// Requests don't wait for the disk: when the writer can't follow, lines are dropped and counted in a line.
/// </remarks>
internal sealed partial class AccessLog(IOptions<GatewayOptions> options, Clock clock, ILogger<AccessLog> logger)
    : BackgroundService
{
    private const int Capacity = 8192;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(200);
    private readonly Channel<AccessRecord> _records = Channel.CreateBounded<AccessRecord>(Capacity);
    private readonly bool _isOn = !string.IsNullOrEmpty(options.Value.AccessLog);
    private long _dropped;

    public void Write(Exchange exchange)
    {
        if (_isOn && !_records.Writer.TryWrite(AccessRecord.Of(exchange, clock)))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _records.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_isOn)
        {
            return;
        }

        try
        {
            await using var file = Open(options.Value.AccessLog!); // It is on: there is a path.
            var buffer = new ArrayBufferWriter<byte>(64 * 1024);

            // Until the channel is complete, and not until the host stops: the last requests are logged too.
            while (await _records.Reader.WaitToReadAsync(CancellationToken.None))
            {
                Drain(buffer);
                await file.WriteAsync(buffer.WrittenMemory, CancellationToken.None);
                await file.FlushAsync(CancellationToken.None);
                buffer.ResetWrittenCount();
                await Task.Delay(FlushInterval, clock.Time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogUnwritable(options.Value.AccessLog!, exception);
        }
    }

    private static Stream Open(string path) =>
        path == "-"
            ? Console.OpenStandardOutput()
            : new FileStream(
                path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0, useAsync: true);

    private void Drain(ArrayBufferWriter<byte> buffer)
    {
        using var json = new Utf8JsonWriter(buffer);
        while (_records.Reader.TryRead(out var record))
        {
            record.WriteTo(json);
            EndLine(json, buffer);
        }

        if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
        {
            json.WriteStartObject();
            json.WriteNumber("dropped"u8, dropped);
            json.WriteEndObject();
            EndLine(json, buffer);
        }
    }

    private static void EndLine(Utf8JsonWriter json, ArrayBufferWriter<byte> buffer)
    {
        json.Flush();
        json.Reset();
        buffer.Write("\n"u8);
    }

    [LoggerMessage(3001, LogLevel.Error, "The access log {Path} can't be written; requests are not logged.")]
    private partial void LogUnwritable(string path, Exception exception);
}
